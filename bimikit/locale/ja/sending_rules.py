"""The texts of the rules on SPF and DKIM in Japanese."""

from __future__ import annotations

from .. import Text

_EDIT = "DNSの管理画面で、{domain}のTXTレコードを修正してください。"
_PERMERROR = "受信側の判定はどのメールでも「permerror」になり、SPFでDMARCに合格することができません。"
_SHOWS = "ロゴが表示されるのは、SPFかDKIMによってDMARCに合格したメールだけです。"
_ANYBODY = "そこから送信する人は誰でも、あなたのドメインとしてSPFに、さらにはDMARCにも合格します。なりすましメールにロゴが表示されてしまいます。"
_WITH_SERVICE = "利用中のサービスのレコードであれば、そのサービスに問い合わせてください。"
_FEWER = "使わなくなったサービスを外す、サービスごとに専用のサブドメインから送る、固定のアドレスはip4:やip6:で書く、といった方法で減らせます。"
_KEY = "メールサービスが示すとおりのレコードを、変更したり途中で切ったりせずに、もう一度公開してください。"
_NEW_KEY = "メールサービスで2048ビットの新しい鍵を新しいセレクターで作成し、公開して、その鍵での署名に切り替えてください。古い鍵を削除するのは、その後です。"
_UNUSED = "受信側はこのような鍵を使わないため、このセレクターの署名ではDMARCに合格できません。"

RULES: dict[str, Text] = {
    # the SPF record itself
    "spf.missing": Text(
        "SPFレコードがない",
        "{domain}にSPFレコードがありません。",
        f"{_SHOWS}SPFレコードがなければ頼れるのはDKIMだけで、エンベロープ送信者としてこのドメインを誰でも名乗れます。",
        "送信元を列挙した「v=spf1」で始まるTXTレコードを、{domain}に公開してください。どこからも送信しない場合は「v=spf1 -all」です。",
    ),
    "spf.version": Text(
        "先頭が正しくないSPFレコード",
        "{domain}のレコードはSPF用のようですが、正確に「v=spf1」と空白で始まっていません：「{text}」。",
        "このように始まらないレコードは、全体が無視されます。",
        f"{_EDIT}先頭は半角の「v=spf1」で、その後に空白が必要です。",
    ),
    "spf.record-multiple": Text(
        "複数のSPFレコード",
        "{domain}にSPFレコードが{count}個あるため、どれも使われません。",
        _PERMERROR,
        "{domain}のすべてのレコードの内容を1つにまとめ、「v=spf1」と末尾の「all」をそれぞれ1つだけにして、ほかのレコードは削除してください。",
    ),
    "spf.syntax": Text(
        "読み取れない項目",
        "{domain}のSPFレコードにある「{text}」を読み取れません：{problem}。{guess}",
        f"このような項目が1つでもあると、レコード全体が無効になります。{_PERMERROR}",
        f"{_EDIT}この項目を直すか、削除してください。{_WITH_SERVICE}",
    ),
    "spf.modifier-twice": Text(
        "2回書かれた修飾子",
        "{domain}のSPFレコードに「{text}」が重複しています：{problem}。{guess}",
        f"redirectとexpは、それぞれ1回しか書けません。{_PERMERROR}",
        f"{_EDIT}どちらか1つだけを残してください。{_WITH_SERVICE}",
    ),
    "spf.modifier-unknown": Text(
        "無視される項目",
        "{domain}のSPFレコードにある「{text}」は、受信側が知らない項目なので無視されます。{guess}",
        "「=」が続く名前は、将来の修飾子とみなされます。メカニズムには、include:、ip4:、a:のようにコロンを使います。",
        f"{_EDIT}本来の項目に書き直すか、削除してください。{_WITH_SERVICE}",
    ),
    "spf.all-not-last": Text(
        "「all」の後ろの項目",
        "{domain}のSPFレコードには「{all}」があるため、「{text}」は使われません。",
        "「all」はすべての送信元に一致するため、その後ろは参照されません。redirectも、「all」があれば無視されます。",
        f"{_EDIT}「all」を末尾に移すか、使われていない項目を削除してください。{_WITH_SERVICE}",
    ),
    "spf.record-long": Text(
        "長いSPFレコード",
        "{domain}のSPFレコードは{size}バイトです。小さなDNS応答に確実に収まるのは{most}バイトまでです。",
        "同じ名前のほかのTXTレコードと合わせて応答が大きくなるとTCPが必要になり、これを通さないネットワークもあります。",
        "{domain}で、不要な項目やTXTレコードを削除してください。255バイトを超えるレコードは、引用符で囲んだ複数の文字列に分けて書きます。文字列は空白なしでつながれます。",
    ),
    # whom it lets pass
    "spf.pass-all": Text(
        "誰でも送信できる設定",
        "{domain}のSPFレコードの「{text}」は、インターネット上のすべてのアドレスを合格させます。",
        _ANYBODY,
        f"{_EDIT}実際に送信するアドレスを書き、末尾を「-all」か「~all」にしてください。{_WITH_SERVICE}",
    ),
    "spf.range-wide": Text(
        "広すぎるアドレスの範囲",
        "{domain}のSPFレコードの「{text}」は、1つの会社が持つとは考えられない広い範囲を合格させます。",
        _ANYBODY,
        f"{_EDIT}実際に送信するアドレスだけに範囲を絞ってください。{_WITH_SERVICE}",
    ),
    "spf.neutral-all": Text(
        "何も示さない「?all」",
        "{domain}のSPFレコードの末尾は「{text}」で、ほかの送信元について何も示していません。",
        "受信側は「neutral」を、レコードがない場合と同じように扱います。",
        f"{_EDIT}末尾を「~all」に、すべての送信元を書き終えたら「-all」にしてください。{_WITH_SERVICE}",
    ),
    "spf.all-missing": Text(
        "終わりのないレコード",
        "{domain}のSPFレコードに「all」も「redirect」もありません：「{text}」。",
        "書かれていない送信元の判定は「neutral」になり、レコードがない場合と同じように扱われます。",
        f"{_EDIT}末尾に「~all」を、すべての送信元を書き終えたら「-all」を付けてください。{_WITH_SERVICE}",
    ),
    "spf.ptr": Text(
        "「ptr」の使用",
        "{domain}のSPFレコードの「{text}」は、アドレスから名前を調べます。これは使うべきではありません。",
        "遅くて信頼性が低く、他者のネームサーバーに負担をかけます。無視する受信側もあります。",
        f"{_EDIT}代わりにip4:、ip6:、a:、mx:でアドレスを示してください。{_WITH_SERVICE}",
    ),
    # whether it can be evaluated
    "spf.lookups": Text(
        "多すぎるDNS参照",
        "{domain}のSPFレコードは、{count}回のDNS参照を必要とします。上限は{most}回です。項目ごとの回数：{shares}。",
        f"受信側は上限で評価を打ち切ります。{_PERMERROR}",
        f"{_EDIT}{_FEWER}",
    ),
    "spf.lookups-close": Text(
        "上限に近いDNS参照",
        "{domain}のSPFレコードは、{count}回のDNS参照を必要とします。上限は{most}回です。項目ごとの回数：{shares}。",
        "参照先のサービスが1つか2つ増やすだけで、こちらが何も変えなくてもレコードが無効になります。",
        f"{_EDIT}{_FEWER}",
    ),
    "spf.void-lookups": Text(
        "結果のないDNS参照が多すぎる",
        "{domain}のSPFレコードでは、{count}回のDNS参照で何も見つかりません。許容されるのは{most}回です：{names}。",
        f"受信側は、2回を超えたら評価を打ち切るべきだとされています。{_PERMERROR}",
        f"{_EDIT}存在しなくなった名前の項目を削除してください。{_WITH_SERVICE}",
    ),
    "spf.void-lookups-family": Text(
        "片方のIPバージョンで結果のないDNS参照が多い",
        "{family}の送信元に対して、{domain}のSPFレコードでは{count}回のDNS参照で何も見つかりません。許容されるのは{most}回です：{names}。",
        "そのIPバージョンで届いたメールを「permerror」とする受信側があります。そのIPバージョンで送信しないのであれば、影響はありません。",
        f"{_EDIT}両方のIPバージョンで送信する場合は、名前ではなくip4:とip6:でアドレスを書いてください。",
    ),
    "spf.name-void": Text(
        "レコードのない名前",
        "{domain}のSPFレコードの「{text}」が示す{name}には、何も見つかりません。",
        "この項目は誰も合格させず、DNS参照の回数を無駄にします。その名前を他人が登録できる場合は、なりすましに使われるおそれもあります。",
        f"{_EDIT}名前を直すか、この項目を削除してください。{_WITH_SERVICE}",
    ),
    "spf.mx-hosts": Text(
        "多すぎるメールサーバー",
        "{domain}のSPFレコードの「{text}」は、{name}の{count}台のメールサーバーを示します。上限は{most}台です。",
        _PERMERROR,
        f"{_EDIT}mxの代わりに、送信するアドレスをip4:とip6:で書いてください。{_WITH_SERVICE}",
    ),
    "spf.include-missing": Text(
        "行き先のないinclude",
        "{domain}のSPFレコードの「{text}」は使えません。{name}については、{problem}。",
        _PERMERROR,
        f"{_EDIT}サービスが示す正しい名前に直すか、この項目を削除してください。{_WITH_SERVICE}",
    ),
    "spf.redirect-missing": Text(
        "行き先のないredirect",
        "{domain}のSPFレコードの「{text}」は使えません。{name}については、{problem}。",
        _PERMERROR,
        f"{_EDIT}名前を直すか、redirectを本来の項目に書き換えてください。{_WITH_SERVICE}",
    ),
    "spf.loop": Text(
        "循環するinclude",
        "{domain}のSPFレコードの「{text}」は、このレコードを参照している{name}に戻ります。",
        f"受信側は、DNS参照の上限を超えるまでたどり続けます。{_PERMERROR}",
        f"{_EDIT}この項目を削除してください。{_WITH_SERVICE}",
    ),
    "spf.name-invalid": Text(
        "存在できない名前",
        "{domain}のSPFレコードの「{text}」は「{name}」を示しますが、これはDNSの名前になりません。",
        "この項目は誰も合格させず、DNS参照の回数を無駄にします。",
        f"{_EDIT}名前を直すか、この項目を削除してください。{_WITH_SERVICE}",
    ),
    "spf.undecided": Text(
        "確認できなかったSPF",
        "{domain}のSPFレコードに必要な{name}をDNSに問い合わせても、有効な回答が得られませんでした（{reason}）。",
        "回答が得られないことと、レコードがないことは違います。受信側が後で回答を得ることも、受信を延期することもあります。",
        "時間をおいて、もう一度確認してください。変わらない場合は、{zone}のネームサーバーの管理者に、調べるよう依頼してください。",
    ),
    "spf.unfinished": Text(
        "大きすぎてたどりきれないSPFレコード",
        "{domain}のSPFレコードは参照が多すぎるため、{count}回のDNS参照までで打ち切りました（最大{most}回）。",
        "受信側は、それよりずっと前に打ち切ります。",
        f"{_EDIT}{_FEWER}",
    ),
    "spf.macro-uncounted": Text(
        "メールによって変わる項目",
        "{domain}のSPFレコードの「{text}」は、送信元のアドレスや名前によって変わるため、その先のDNS参照は数えていません。",
        "この項目自体の参照は数えています。その先で何回の参照が必要かは、メールが届いたときにしか分かりません。",
        "{domain}の項目を提供するサービスに、最大で何回のDNS参照が必要かを問い合わせてください。",
    ),
    "spf.not-given": Text(
        "SPFの指定の省略",
        "{domain}のSPFレコードに必要な{name}のレコードが指定されていません。",
        "レコードが参照する先も、上限の回数に含まれます。",
        "足りないレコードを指定するか、公開中のドメインを確認してください。",
    ),
    # where a DKIM key stands
    "dkim.selector-invalid": Text(
        "セレクターとして使えない文字列",
        "「{selector}」は、このドメインのDKIMセレクターになりません。",
        "セレクターは._domainkeyの前の部分です。英数字とハイフンをドットで区切ったもので、名前全体が長すぎてはいけません。",
        "実際に送信されたメールのDKIM-Signatureヘッダーでs=の値を確かめ、そのまま使ってください。",
    ),
    "dkim.missing": Text(
        "セレクターに鍵がない",
        "セレクター「{selector}」のDKIM鍵がありません。{name}には何も見つかりません。",
        f"{_SHOWS}鍵が見つからない署名は、数に入りません。",
        "メールサービスが示す鍵を{name}に公開するか、実際の署名に使われているセレクター（メールのDKIM-Signatureヘッダーのs=）を使ってください。",
    ),
    "dkim.record-multiple": Text(
        "1つのセレクターに複数のレコード",
        "{name}にTXTレコードが{count}個あります。",
        "受信側がどれを使うかは決まっていません。そのため、署名の検証が成功したり失敗したりします。",
        "署名に使っている鍵のTXTレコードを1つだけ、{name}に残してください。長いレコードは、複数のレコードではなく、複数の文字列からなる1つのレコードにします。",
    ),
    "dkim.delegated": Text(
        "ほかの組織が管理する鍵",
        "{name}は{target}の別名（CNAME）で、そこにあるレコードが鍵になります。",
        "多くのサービスが、この方法で鍵を代わりに管理しています。その名前を管理する人は、あなたのドメインとして署名できます。",
        "サービスを利用している間は、何もする必要はありません。利用をやめたら、CNAMEを削除してください。",
    ),
    # the key record
    "dkim.syntax": Text(
        "読み取れない鍵レコード",
        "{name}のDKIM鍵レコードにある「{text}」を読み取れません：{problem}。",
        f"このような部分が1つでもあると、レコード全体が無効になります。{_UNUSED}",
        _KEY,
    ),
    "dkim.version": Text(
        "正しくないバージョン",
        "{name}のDKIM鍵レコードに「{text}」があります。バージョンは正確にv=DKIM1と書き、先頭に置かなければなりません。",
        _UNUSED,
        _KEY,
    ),
    "dkim.tag-unknown": Text(
        "未知のタグ",
        "{name}のDKIM鍵レコードに、どの標準にもないタグ{tag}があります（「{text}」）。",
        "受信側は無視します。別のタグの書き間違いかもしれません。",
        "メールサービスが示すレコードと比べて、タグを直すか削除してください。",
    ),
    "dkim.service": Text(
        "メール用ではない鍵",
        "{name}のDKIM鍵レコードの「{text}」により、メールには使えません。",
        _UNUSED,
        "{name}のレコードからs=タグを削除するか、s=emailと書いてください。",
    ),
    "dkim.testing": Text(
        "テスト中の鍵",
        "{name}のDKIM鍵レコードの「{text}」は、DKIMがテスト中であることを示しています。",
        "受信側は、この鍵のメールを署名のないメールと同じように扱うことがあります。",
        "署名が正しく働くことを確かめたら、{name}のt=タグからyを削除してください。",
    ),
    "dkim.strict": Text(
        "このドメイン専用の鍵",
        "{name}のDKIM鍵レコードの「{text}」により、サブドメインの識別子（i=）は使えません。",
        "i=がd=のサブドメインである署名は、検証に失敗します。ほとんどの送信者では、i=とd=は同じです。",
        "サブドメインからのメールの検証が失敗しない限り、何もする必要はありません。失敗する場合は、{name}のt=タグからsを削除してください。",
    ),
    # the key
    "dkim.key-missing": Text(
        "鍵のないレコード",
        "{name}のDKIM鍵レコードにp=タグがありません：「{text}」。",
        _UNUSED,
        "レコード全体を{name}に公開し直してください。ゾーンファイルではセミコロンから後ろがコメントになるため、引用符で囲む必要があります。",
    ),
    "dkim.key-revoked": Text(
        "失効した鍵",
        "{name}のDKIM鍵レコードのp=は空で、鍵は失効しています。",
        _UNUSED,
        "セレクター「{selector}」でまだ署名している場合は、新しいセレクターで新しい鍵を公開してください。そうでなければ、何もする必要はありません。",
    ),
    "dkim.key-type-unknown": Text(
        "未知の鍵の種類",
        "{name}のDKIM鍵レコードの「{text}」は、受信側が知らない種類の鍵です。",
        f"使えるのはrsaとed25519です。{_UNUSED}",
        _NEW_KEY,
    ),
    "dkim.key-unreadable": Text(
        "読み取れない鍵",
        "{name}のDKIM鍵レコードの鍵を読み取れません：{problem}。",
        _UNUSED,
        f"{_KEY}長いレコードは、引用符で囲んだ複数の文字列に分けて書きます。",
    ),
    "dkim.key-weak": Text(
        "有効とみなされない短い鍵",
        "{name}のDKIM鍵は{bits}ビットです。1024ビット未満の鍵の署名は有効とみなされません。推奨は{least}ビット以上です。",
        f"このような鍵は破られるおそれがあり、破った人は誰でもあなたのドメインとして署名できます。{_UNUSED}",
        _NEW_KEY,
    ),
    "dkim.key-short": Text(
        "短い鍵",
        "{name}のDKIM鍵は{bits}ビットです。推奨は{least}ビット以上です。",
        "1024ビットの鍵はまだ受け入れられますが、破られる長さに近づいています。",
        _NEW_KEY,
    ),
    "dkim.key-large": Text(
        "すべての受信側が扱えるとは限らない大きな鍵",
        "{name}のDKIM鍵は{bits}ビットです。すべての受信側が扱えるはずなのは{most}ビットまでです。",
        "鍵を扱えない受信側は、署名のないメールと同じように扱います。",
        _NEW_KEY,
    ),
    "dkim.hash-sha1": Text(
        "SHA-1だけを許す鍵",
        "{name}のDKIM鍵レコードの「{text}」は、SHA-1を許し、SHA-256を許していません。",
        f"SHA-1の署名はもう有効とみなされず、このタグがあるとほかの署名もできません。{_UNUSED}",
        "{name}のレコードからh=タグを削除し、メールサービスでrsa-sha256による署名を使ってください。",
    ),
    "dkim.hash-unknown": Text(
        "未知のハッシュだけを許す鍵",
        "{name}のDKIM鍵レコードの「{text}」に、受信側が使うハッシュがありません。",
        _UNUSED,
        "{name}のレコードからh=タグを削除するか、h=sha256と書いてください。",
    ),
    "dkim.undecided": Text(
        "確認できなかった鍵",
        "{name}をDNSに問い合わせても、有効な回答が得られませんでした（{reason}）。",
        "回答が得られないことと、鍵がないことは違います。受信側が後で回答を得ることもあります。",
        "時間をおいて、もう一度確認してください。変わらない場合は、{zone}のネームサーバーの管理者に、調べるよう依頼してください。",
    ),
    "dkim.none-found": Text(
        "よく使われるセレクターに鍵がない",
        "よく使われる{count}個のセレクターを調べましたが、{domain}のDKIM鍵は見つかりませんでした。",
        "ドメインのセレクターの一覧はどこにもなく、多くのサービスは顧客ごとにセレクターを作ります。そのため、鍵がないとは言えません。",
        "実際に送信されたメールのDKIM-Signatureヘッダーでs=の値を確かめ、そのセレクターを確認してください。",
    ),
    "dkim.left-out": Text(
        "調べなかったセレクター",
        "{domain}のセレクターのうち、上限の{most}個を超える{count}個は調べていません。",
        "それらの鍵については、何も分かりません。",
        "何回かに分けて確認してください。",
    ),
    "dkim.not-given": Text(
        "DKIM鍵の指定の省略",
        "{name}のレコードが指定されなかったため、鍵は確認していません。",
        _SHOWS,
        "足りないレコードを指定するか、公開中のドメインを確認してください。",
    ),
}
