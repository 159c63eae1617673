import type { CategoryWords } from "./category-words.ts";

export const REASONING_WORDS: CategoryWords = {
  task: `
    puzzle, riddle, deduce, infer, truth table, valid argument, what would happen if,
    what would have happened, thought experiment, counterfactual, rätsel*, schlussfolger*, folgere*, déduis*,
    deduce*, головоломк*, загадк*, 推理, 猜, なぞなぞ, パズル, 추론, 퍼즐, 수수께끼, step-by-step, your reasoning,
    explain your answer, what if, how would the world, might have happened, 推知, 由此可见, 陈述, 有效还是无效, 如何确定, 正确的吗,
    归纳论证, 以下哪项, 哪个房间, 说的是真, does it follow, can we conclude, what follows, taller than, shorter than,
    older than, who is the shortest, who is the tallest, who is the oldest, who lies, que peut-on déduire,
    peut-on conclure, prisoner's dilemma, liar or, nash equilibrium`,
  topic: `
    logically, syllogism, deduction, tautology, knights and knaves, contradiction, premise*, fallacy, whose,
    which of the following, true or false, must be true, paradox, strategy to win, winning strategy,
    game theory, subgame, dominant strategy, prisoners, pirates, satisfiab*, propositional, first-order logic,
    modal logic, logical equivalence, logically equivalent, constraint, schedule so that, seating,
    river crossing, weigh*, fermi, how many piano tuners, common sense, reason through, think carefully,
    odd one out, next in the sequence, next number, logik*, énigme*, logique*, acertijo*, lógica*, enigma*,
    indovinello*, raadsel*, logica*, zagadk*, hádank*, логик*, равновеси*, теория игр, 逻辑, 谜, 悖论, 说谎, 真话, 假话,
    论证, 排序, 博弈, 均衡, 命题, 论理, 論理, 推論, 논리, لغز, منطق, पहेली, तर्क, bulmaca*, mantık*, câu đố, logika, teka-teki,
    would have, had not, 已知, 左边, 右边, 房间, 帽子, 开关, 过河, 真的, 题目, 最终, 职业, 顺序, 排列, 谁, 因此, 所以, 概念, 骗子, logic puzzle,
    all cats, who is the, some of them, switches, equilibrium, dilemma, prisonnier*, gefangenendilemma`,
  hint: `
    if, then, therefore, all of, none of, some of, only if, exactly one, at least one, either, neither,
    taller, older, younger, left of, right of, lies, liar, truth, switch, coin, door, box, hat, game, optimal,
    decide, decision, plan, why would, imagine, suppose, assume, rule, player, wenn, falls, donc, entonces,
    portanto, если, 如果, 那么, 哪, 是否, もし, 만약, logic, sequence`,
};
