"""The words of docs/portal.md and docs/portal.ja.md."""

# ruff: noqa: E501 - a paragraph is a line

from __future__ import annotations

TEXT: dict[str, dict[str, str]] = {
    "en": {
        "title": "The portal: a walk-through",
        "other": "日本語",
        "lead": "You have a logo, perhaps a Mark Certificate, and a domain your company sends mail from. The portal tells whether the logo will show beside that mail, why not, and what to do. Nothing you hand in is kept. Your administrator starts it with `make portal` or `bimikit portal` ([how](#for-the-administrator)); you open it in a browser, on a computer or a phone.",
        "end": "## For the administrator\n\nInstall the extra `portal` ([how](index.md#start)); then `bimikit portal` serves it at <http://127.0.0.1:8000/>, for this computer only. To offer it to others, put a web server with HTTPS in front and start it with `--trusted-proxies 1`; several portals count requests together with `--redis URL`. `bimikit portal --help` has every option and its environment variable. Whom to trust, how live checks ask and the language for browsers that prefer neither English nor Japanese can stand in the [configuration](configuration.md#the-portal) that the other commands follow: `--config FILE`, or `BIMIKIT_PORTAL_CONFIG=FILE`; options and variables win over it. Another WSGI server is given `bimikit_portal:create_app()`, which reads the same variables; its processes need one `BIMIKIT_PORTAL_SECRET_KEY`. `/healthz` and `/healthz/ready` are for supervisors, `/metrics` for Prometheus. Logs hold no file names, contents or domains. Programs use the HTTP API, described at `/api` and in `/api/v1/openapi.json`.\n\n## The plan of many domains\n\nWhere `bimikit plan` is used, the portal can show the plan: `--plan inventory.toml`, or `BIMIKIT_PORTAL_PLAN`. It stands at `/plan`, with a link at the top of each page, in English and Japanese; it is there to read, and is off by default. Whenever the inventory, the scan, the store of reports or the decisions change, it is made anew for the next reader; where the store is a PostgreSQL database, after a minute at the earliest. It is made in a process of its own, so that nobody else has to wait; `BIMIKIT_PORTAL_PLAN_SECONDS` is how long that may take (300). If an input is broken, the page says what is wrong with it.\n\nA plan tells of a company’s senders. Without a token only who sits at the portal’s own computer may read it, and with `--trusted-proxies` nobody. To open it to others, set `BIMIKIT_PORTAL_PLAN_TOKEN`: browsers ask for a user name and a password; any name will do, and the token is the password. Programs send it as a bearer token. A password is as safe as the connection: offer it by HTTPS only.\n\nWithout JavaScript everything works too; only dropping files, progress and copy buttons are missing. These pages and pictures are made by `make docs`.",
    },
    "ja": {
        "title": "ポータルの使い方",
        "other": "English",
        "lead": "ロゴのファイルと、会社のメールに使うドメインがあれば、ポータルで、メールの横にロゴが表示されるかどうかを調べられます（マーク証明書があれば、それも確認します）。表示されない場合は、その理由と、どうすればよいかをお知らせします。渡したファイルやレコードは保存されません。管理者が`make portal`または`bimikit portal`で起動し（[管理者の方へ](#管理者の方へ)）、パソコンやスマートフォンのブラウザーで開きます。",
        "end": "## 管理者の方へ\n\nエクストラ`portal`をインストールしたあと（[方法](index.ja.md#はじめに)）、`bimikit portal`で<http://127.0.0.1:8000/>に、このコンピューターだけを対象として公開します。ほかの人にも使ってもらうには、HTTPSのWebサーバーを前に置き、`--trusted-proxies 1`を付けて起動します。複数のポータルで利用回数を合わせて数えるには`--redis URL`を使います。すべてのオプションと環境変数は`bimikit portal --help`にあります。追加で信頼するルート証明書とCTログ、公開中の内容を調べるときの通信、英語も日本語も求めないブラウザーに使う言語は、ほかのコマンドと同じ[設定ファイル](configuration.md#the-portal)（英語）に書き、`--config FILE`か`BIMIKIT_PORTAL_CONFIG=FILE`で指定できます。オプションと環境変数は、設定ファイルより優先されます。ほかのWSGIサーバーでは、同じ環境変数に従う`bimikit_portal:create_app()`を動かします。複数のプロセスで動かすには、共通の`BIMIKIT_PORTAL_SECRET_KEY`が必要です。監視には`/healthz`と`/healthz/ready`、Prometheusには`/metrics`を使えます。ログには、ファイル名・内容・ドメインを残しません。プログラムからはHTTP APIを使えます（説明は`/api`と`/api/v1/openapi.json`）。\n\n## 多数のドメインの計画\n\n`bimikit plan`をお使いの場合、その計画をポータルに表示できます。`--plan inventory.toml`か`BIMIKIT_PORTAL_PLAN`で指定すると、`/plan`に読み取り専用のページが加わり、各ページの上部にリンクが表示されます（初期設定では無効、日英対応）。台帳・スキャンの結果・レポートの保存先・判断のファイルのいずれかが変わると、次に開いたときに作り直されます。保存先がPostgreSQLのデータベースなら、作り直すのは早くても1分後です。計画は専用のプロセスで作るため、ほかの利用者を待たせません。作成にかけてよい秒数は`BIMIKIT_PORTAL_PLAN_SECONDS`で変えられます（初期値は300）。もとになるファイルに問題があれば、その内容をページに示します。\n\n計画には、会社の送信元に関する情報が含まれます。トークンを設定しなければ、読めるのはポータルを動かしているコンピューターだけで、`--trusted-proxies`を付けた場合は誰も読めません。ほかの人にも見せるには、`BIMIKIT_PORTAL_PLAN_TOKEN`を設定します。ブラウザーでユーザー名とパスワードを尋ねられたら、ユーザー名は任意で、パスワードにトークンを入力します。プログラムはベアラートークンとして送信します。パスワードを守るため、必ずHTTPSで公開してください。\n\nJavaScriptがなくてもすべて使えます。使えないのは、ファイルのドロップ、進み具合の表示、コピーボタンだけです。このページと画像は`make docs`で作っています。",
    },
}

STEPS: dict[str, dict[str, tuple[str, str, str]]] = {
    "home": {
        "en": (
            "1. Hand in what you have",
            "Drop files anywhere on the page or choose them: the logo (SVG), the certificate (PEM), or both. Type the domain. What you leave out is looked up as it is published now. Nothing at hand? Try a sample. The language follows your browser; the switch is at the top.",
            "The portal’s page: files, a domain, planned records",
        ),
        "ja": (
            "1. あるものを渡す",
            "ロゴ（SVG）、証明書（PEM）、またはその両方を、ページのどこかにドロップするか、選びます。ドメインを入力します。渡さなかったものは、いま公開されている内容を調べます。手元に何もなければ、サンプルで試せます。言語はブラウザーの設定に従い、右上で切り替えられます。",
            "ポータルの画面。ファイル、ドメイン、公開予定のレコード",
        ),
    },
    "verdict": {
        "en": (
            "2. The answer first",
            "One sentence says whether the logo will show, one what stands in the way most, and one what to do first. Here the domain’s DMARC policy is `none`, and the logo comes straight from a design tool.",
            "The verdict: not yet, what blocks, and what to do first",
        ),
        "ja": (
            "2. まず結論",
            "ロゴが表示されるかどうか、いちばんの妨げは何か、最初に何をすればよいかを、それぞれ一言で示します。この例では、ドメインのDMARCのポリシーが`none`で、ロゴはデザインツールから書き出したままです。",
            "結論、妨げになっていること、最初にすること",
        ),
    },
    "next": {
        "en": (
            "3. What else blocks, and what to do after that",
            "The list on the right is in the order in which things are best done. What could not be found out (a server that didn’t answer) is told as such; it is neither good nor bad.",
            "What else blocks, what is a risk, and the further steps",
        ),
        "ja": (
            "3. ほかに妨げになっていることと、そのあとにすること",
            "「そのあとにすること」は、取り組むとよい順に並んでいます。サーバーの応答がないなど、確認できなかったことは、良いとも悪いともせず、そのまま示します。",
            "ほかに妨げになっていることと、そのあとにすること",
        ),
    },
    "previews": {
        "en": (
            "4. The logo as the inbox will show it",
            "In a list of mails, in light and dark; unfold “All sizes and shapes” for true sizes, round, rounded and square. The senders beside it are invented.",
            "Previews in light and dark",
        ),
        "ja": (
            "4. 受信トレイでの見え方",
            "メールの一覧での見え方を、明るい画面と暗い画面で示します。「すべてのサイズと形」を開くと、円形・角丸・正方形を実際の大きさで確かめられます。ほかの差出人は架空のものです。",
            "明るい画面と暗い画面での見え方",
        ),
    },
    "finding": {
        "en": (
            "5. Each fault, with its place",
            "Open a finding to see what is wrong, the line with the faulty part marked, what to do, why it matters, and the text that demands it. Forward it to whoever has to act: findings are grouped by what must be touched – the logo file, the certificate, DNS, hosting.",
            "A finding with the marked line",
        ),
        "ja": (
            "5. 一つひとつの問題と、その場所",
            "項目を開くと、何が問題か、該当する行（問題の部分に印が付きます）、直し方、問題となる理由、根拠となる文書がわかります。項目は、手を加えるもの（ロゴのファイル、証明書、DNS、ホスティング）ごとに並んでいるので、担当の方にそのまま渡せます。",
            "印の付いた行のある項目",
        ),
    },
    "repair": {
        "en": (
            "6. Have the logo repaired",
            "The button “Repair” mends what can be mended without changing the picture, and proves it: before, after, and their difference side by side. Changes that would alter the picture, such as dropping a shadow, are only made when you tick them. Give the brand’s name and download the file.",
            "A repaired logo: before, after, difference",
        ),
        "ja": (
            "6. ロゴを修復する",
            "「修復」を押すと、見た目を変えずに直せるところを直し、修復前・修復後・違いを並べて、同じであることを示します。影を取り除くなど見た目が変わる変更は、選んだものだけを行います。ブランド名を入れて、ファイルをダウンロードしてください。",
            "修復したロゴ。修復前、修復後、違い",
        ),
    },
    "certificate": {
        "en": (
            "7. The certificate as a card",
            "Whose it is, which mark, for which domains, until when, and whether the logo inside is the one on the web. With the logo, the certificate and the domain together you see whether they fit.",
            "A certificate’s card",
        ),
        "ja": (
            "7. 証明書をカードで確認",
            "誰の、どのマークの、どのドメイン用の証明書で、いつまで有効か、中のロゴがWebのロゴと同じかを示します。ロゴと証明書とドメインを一緒に渡せば、組み合わせが正しいかもわかります。",
            "証明書のカード",
        ),
    },
    "publish": {
        "en": (
            "8. The exact DNS record",
            "Tell where the two files will be hosted, under “Planned records”. Once everything is right – and only then – the record to publish is shown, with buttons to copy its name and value.",
            "The record to publish, with copy buttons",
        ),
        "ja": (
            "8. 公開するDNSレコード",
            "「公開予定のレコード」に、2つのファイルを置く場所を入力します。すべてが正しいときにだけ、公開するレコードを、名前と値のコピーボタンとともに表示します。",
            "公開するレコードとコピーボタン",
        ),
    },
    "take": {
        "en": (
            "9. Take it away",
            "As a page of its own, to print or save as PDF, as JSON or Markdown. It isn’t kept on the server: save it before you leave.",
            "Buttons to take the answer away",
        ),
        "ja": (
            "9. 結果を持ち帰る",
            "単独のHTMLページ、印刷・PDF、JSON、Markdownで持ち帰れます。サーバーには残らないので、ページを離れる前に保存してください。",
            "結果を持ち帰るボタン",
        ),
    },
    "phone": {
        "en": (
            "10. On a phone",
            "The same page on a small screen, in dark mode, when all is well.",
            "The answer on a phone",
        ),
        "ja": (
            "10. スマートフォンで",
            "同じページをスマートフォンの暗い画面で開いたところです。すべて整っています。",
            "スマートフォンでの結果",
        ),
    },
}
