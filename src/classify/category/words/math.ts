import type { CategoryWords } from "./category-words.ts";

export const MATH_WORDS: CategoryWords = {
  task: `
    calculate, compute the, how many ways, find the value, find all real, simplify, factorize, prove that,
    proof that, by induction, beweis*, berechne*, calcule*, démontre*, prouve*, calcula*, demuestra*, deriva*,
    prove que, demonstre*, calcola*, dimostra*, bereken*, bewijs*, udowodnij*, oblicz*, dokaž*, vypočítej*,
    bizonyítsd*, számítsd*, докажи*, доказать, вычисли*, выведи*, найдите, решить, 证明, 計算, 计算, 推导, 求解, 求证, 証明,
    求めよ, 求めて, 증명, 계산, 구하시오, احسب, أثبت, सिद्ध, गणना, hesapla*, kanıtla*, tính, chứng minh, hitung*, buktikan,
    derive`,
  topic: `
    equation, integral, derivative, differentiate, probability, theorem, lemma, corollary, polynomial, matrix,
    eigenvalue, determinant, trigonometr*, geometry, triangle, circle with, radius, hypotenuse, quadratic,
    logarithm, square root, prime number, prime factor*, permutation, combinatori*, arithmetic, algebra,
    calculus, modulo, inequality, what is the sum, sum of the, what is the value, expected value,
    standard deviation, variance, convergence, converges, continuous function, group theory, vector space,
    topolog*, modular, sin(, cos(, percent of, ratio of, real number, natural number, irrational,
    infinitely many, closed form, upper bound, lower bound, gleichung*, wahrscheinlichkeit*, dreieck*,
    ableitung, induktion, leite*, équation*, probabilité*, théorème*, dérivée, ecuación*, probabilidad*,
    teorema*, raíz cuadrada, triángulo, equação, calcule, probabilidade*, triângulo, equazione, probabilità,
    vergelijking, równani*, уравнени*, вероятност*, теорем*, интеграл*, найти, сходимость, 方程, 概率, 积分, 导数,
    三角形, 函数f, 定理, 矩阵, 多少种, 平方, 归纳法, 面积, 等差, 等比, 方程式, 確率, 積分, 微分, 방정식, 확률, 미분, 적분, معادلة, احتمال, समीकरण,
    denklem*, phương trình, xác suất, persamaan, evaluate, \frac, sum, int, sqrt, (, [, $$, isomorphic,
    rational number, compute, recurrence, approximate, odds, сумм*, сколько, какова, 求, 等于, 三分之, 倍, 每小时, 相乘,
    集合, 几何, 余数, 个数, いくら, 整数, factorial, positive integers, how likely, marbles, probability model, at random,
    proportional, inversely, 重量, 称量, 平均, 竞赛, 数学, формул*, посчитай, рассчитай, масса, на сколько, quãntos,
    dilute, degree water, ml of, 公式, 计算机, prime numbers, prime, find the`,
  hint: `
    prove, proof, solve, sum, product, average, mean, minus, plus, times, divided by, multiply, percent,
    total, number of, how many, how far, how long, cost, speed, km/h, mph, meters, minutes, degrees, bound,
    graph, function f, optimal, formula, each, remaining, altogether, twice, half, third, equal, area, volume,
    distance, growth rate, step by step, wie viele, wie viel, combien, cuántos, cuánto, quantos, quanto, 多少,
    几个, 几, 每, 共, 米, 元, いくつ, 몇, how much, estimate, positive integer, find`,
};
