import type { CategoryWords } from "./category-words.ts";

export const EXTRACTION_WORDS: CategoryWords = {
  task: `
    extract, classify, categorize, categorise, label each, identify all, identify any, find all the, list all,
    tell me if, determine whether, convert this, convert to json, into json, as json, into a table, to csv,
    markdown table, tabulate, pull out, pick out, format this, extrahier*, klassifizier*, kategorisier*,
    extrais*, extraire, catégorise*, convertis*, extrae*, extraer, clasifica*, categoriza*, convierte*,
    extraia*, classifique*, converta*, estrai*, classifica*, extraheer*, classificeer*, wyodrębnij*,
    sklasyfikuj*, extrahuj*, extrahera*, klassificera*, извлеки*, классифицируй*, 提取, 抽取, 分类, 归类, 转换为, 转换成,
    列出所有, 找出, 判断以下, 抽出, 分類, 表にして, 추출, 분류, استخرج, صنف, निकालें, वर्गीकृत, sınıflandır*, trích xuất, phân loại,
    ekstrak*`,
  topic: `
    identify the, list the names, named entit*, entities, sentiment, is the following, convert the,
    as a table, fill in, given a sentence, given the following, based on the passage, from the text,
    from this text, from the following, in the passage, according to the text, mentioned in, key points from,
    keywords from, format the, spam, positive or negative, which of these, group the following, wandle,
    in eine tabelle, aus dem text, aus diesem text, classe*, du texte, de ce texte, en tableau, del texto,
    de este texto, en una tabla, do texto, deste texto, converti*, dal testo, uit de tekst, z tekstu,
    из текста, из этого текста, преобразуй*, выдели*, 情感, 下面的文本, 以下文本, 変換して, 변환, 본문에서, حول, çıkar*, dönüştür*,
    chuyển đổi, klasifikasi*, ubah, parse`,
  hint: `
    list, identify, detect, table, json, csv, xml, column, row, field, names, dates, passage, following text,
    following sentence, below, sentence:, text:, input:, output:, email:, review:, options, label, type of,
    category, select, choose, answer with, 表格, 关键词`,
};
