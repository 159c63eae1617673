import type { CategoryWords } from "./category-words.ts";

export const AGENTIC_WORDS: CategoryWords = {
  task: `
    run the tests, run the test, run the failing, run tests, run npm, run the build, run the script,
    run the command, execute the, in this repo, in the repo, in this repository, in the codebase,
    in this codebase, across the codebase, open a pull request, open a pr, create a pr, commit the,
    commit and push, push to, create a branch, git commit, create tickets, create issues,
    create github issues, file an issue, search the web, look up online, download the, upload the,
    send an email to, send a message, schedule a meeting, book a, order a, add to my calendar, remind me,
    set a reminder, check my, log in to, fill out the form, use the tool, use your tools, update the file,
    edit the file, read the file, open the file, rename the files, delete the files, move the files,
    install the, deploy the, and fix the issue, fix the issue, fix the failing, then update, then run,
    then commit, then deploy, and run the, and deploy, and commit, and open, read the error, find and fix,
    until the tests pass, führe die tests, führe aus, öffne*, committe*, suche im internet, installier*,
    exécute*, lance les tests, réserve*, installe*, ejecuta*, abre*, reserva*, execute*, rode os testes,
    abra*, agende*, esegui*, apri*, prenota*, voer de tests, uruchom*, spusť*, kör testerna, запусти*,
    открой*, забронируй*, установи*, создай задач*, закоммить*, 运行测试, 预订, 安装, 提交代码, 搜索网页, 修复这个问题, 并运行, 更新配置,
    テストを実行, 実行して, 予約して, インストール, 테스트를 실행, 실행해, 예약해, 설치해, شغل, افتح, احجز, चलाएं, खोलें, çalıştır*,
    chạy kiểm thử, jalankan, deploy this, git log, revert it, and verify, and revert, and create,
    and correlate, to staging, look at the error, in the console, recent deploys, create a ticket,
    create a jira, rerun, re-run, update all`,
  topic: `
    set up the, monitor the, query the database, call the api, 执行, 打开, 部署`,
  hint: `
    then, after that, finally, step 1, files, folder, directory, repository, branch, terminal, command,
    ticket, calendar, workflow, automate, automation`,
};
