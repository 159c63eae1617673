import type { CategoryWords } from "./category-words.ts";

export const RESEARCH_WORDS: CategoryWords = {
  task: `
    compare, contrast, versus, vs, difference between, differences between, pros and cons,
    advantages and disadvantages, survey of, investigate, which is better, critique, vergleich*, unterschied*,
    vor- und nachteile, bewerte*, compare*, comparaison, différence*, compara*, diferencia*, ventajas,
    comparação, diferença*, vantagens, confronta*, differenz*, vergelijk*, verschil*, porównaj*, różnic*,
    porovnej*, jämför*, sammenlign*, hasonlítsd*, сравни*, разниц*, различи*, 比较, 对比, 区别, 优缺点, 差异, 比較, 違い, 비교,
    차이, 장단점, قارن, الفرق, तुलना, अंतर, karşılaştır*, farkı, so sánh, khác nhau, bandingkan, perbedaan`,
  topic: `
    literature, state of the art, research, studies, evidence, cite, citation*, sources, references,
    market analysis, trends, case study, in-depth, overview of, meta-analysis, hypothes*, methodology,
    recommend*, best practices, trade-off, tradeoff, implications, impact of, effects of, assess, analyze the,
    analyse the, analysis of, history of, root cause, forschung*, studie*, analysier*, avantages, recherche*,
    étude*, analyse*, évalue*, investiga*, estudio*, analiza*, evalúa*, pesquisa*, estudo*, analise*, avalie*,
    ricerca*, analizza*, onderzoek*, zbadaj*, преимуществ*, исследова*, проанализируй*, обзор*, оцени*, 分析,
    研究, 评价, 调研, 综述, 文献, メリット, 調査, 연구, 조사, 분석, بحث, حلل, शोध, विश्लेषण, araştır*, phân tích, nghiên cứu,
    analisis, penelitian, evaluate the, comparison of`,
  hint: `
    analyze, report, data, market, industry, policy, theory, economic, scientific, environmental, effect,
    impact, approach, method, factors, role of, relationship between, why do, what are the main,
    what are the most, suggest, options, better, best, should i, advice, 建议, 影响, 作用, 原因, 观点, 看法, assessment,
    analysis, study, evaluate`,
};
