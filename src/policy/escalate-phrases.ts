/** What people say who want more thought or a stronger model for their turn: `escalate_phrases` where the file gives none. */
export const ESCALATE_PHRASES: readonly string[] = [
  // English
  ...["think harder", "think more deeply", "think much harder", "think really hard", "ultrathink"],
  ...["try harder", "escalate", "escalate this", "use a better model", "use a stronger model"],
  ...["use a smarter model", "use the best model", "use your best model", "switch to a better model"],
  // German
  ...["denk gründlicher nach", "denk genauer nach", "denk nochmal gründlich nach", "denke gründlicher nach"],
  ...["streng dich mehr an", "eskaliere", "nimm ein besseres modell", "nimm ein stärkeres modell"],
  // French
  ...["réfléchis davantage", "réfléchis mieux", "réfléchis plus", "réfléchissez davantage"],
  ...["utilise un meilleur modèle", "utilisez un meilleur modèle"],
  // Spanish
  ...["piénsalo mejor", "piensa más a fondo", "piensa con más cuidado", "usa un modelo mejor"],
  // Italian
  ...["pensaci meglio", "rifletti meglio", "pensa più a fondo", "usa un modello migliore"],
  // Portuguese
  ...["pense melhor", "pensa melhor", "pense mais a fundo", "use um modelo melhor", "usa um modelo melhor"],
  // Dutch, Polish
  ...["denk beter na", "denk harder na", "gebruik een beter model"],
  ...["zastanów się lepiej", "pomyśl lepiej", "przemyśl to lepiej", "użyj lepszego modelu"],
  // Russian, Turkish
  ...["подумай лучше", "подумай получше", "подумай хорошенько", "используй модель получше"],
  ...["daha iyi düşün", "daha çok düşün", "daha iyi bir model kullan"],
  // Chinese, Japanese, Korean
  ...["再仔细想想", "好好想想", "认真想想", "深入思考", "用更好的模型", "用更强的模型"],
  ...["もっとよく考えて", "もっと深く考えて", "もっと良いモデルを使って"],
  ...["더 깊이 생각해", "더 잘 생각해", "더 좋은 모델을 써"],
  // Arabic, Hindi
  ...["فكر أكثر", "فكر بعمق", "استخدم نموذجا أفضل", "और सोचो", "और गहराई से सोचो", "बेहतर मॉडल इस्तेमाल करो"],
];
