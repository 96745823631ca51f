"""The texts of the rules on DNS records in Japanese."""

from __future__ import annotations

from .. import Text

_EDIT = "DNSの管理画面で、{name}のTXTレコードを修正してください。"
_SEVERAL = "RFC 9989に従う受信側は上位のドメインのレコードを探し、RFC 7489に従う受信側はDMARCをまったく適用しません。"
_KEEP_ONE = "v=DMARC1で始まるTXTレコードを{name}に1つだけ残し、ほかは削除してください。"
_TWICE = "同じタグが2回あるレコードは、全体が無効です。受信側は、レコードがないものとして扱います。"
_ONCE = "どちらの値が正しいかを確かめ、{name}のタグを1つずつにしてください。"
_DOUBLED = "ゾーンファイルでは、末尾にドットのない名前の後ろに、ゾーン名が補われます。"
_ADD_DOT = "ゾーンファイルの{line}行目で、末尾にドットを付けて「{name}.」と書いてください。"
_COMMENT = "ゾーンファイルでは、引用符の外のセミコロンから後ろはコメントになります。そのため、セミコロンに続く部分が失われています。"

RULES: dict[str, Text] = {
    # the DMARC record as written
    "dmarc.version": Text(
        "先頭が正しくないDMARCレコード",
        "{name}のレコードはDMARC用のようですが、正確に「v=DMARC1;」で始まっていません：「{text}」。",
        "大文字と小文字も含めて正確にv=DMARC1と書き、セミコロンを続けなければなりません。そうでないレコードは、全体が無視されます。",
        f"{_EDIT}先頭は半角の「v=DMARC1;」です。その前に引用符や空白を入れないでください。",
    ),
    "dmarc.version-ignored": Text(
        "無視されるレコード",
        "{name}のレコードはDMARC用のようですが、先頭が正確に「v=DMARC1;」になっていないため、別のレコードが使われます：「{text}」。",
        "先頭がこの表記どおりのv=DMARC1とセミコロンで始まらないレコードは、全体が無視されます。",
        "DNSの管理画面で、{name}のTXTレコードを「v=DMARC1;」で始まるように直すか、削除してください。",
    ),
    "dmarc.record-multiple": Text(
        "複数のDMARCレコード",
        "{name}にDMARCレコードが{count}個あるため、どれも使われません。",
        _SEVERAL,
        _KEEP_ONE,
    ),
    "dmarc.record-multiple-ignored": Text(
        "使われない複数のDMARCレコード",
        "{name}にDMARCレコードが{count}個あるため、どれも使われません。",
        _SEVERAL,
        _KEEP_ONE,
    ),
    "dmarc.tag-duplicate": Text(
        "DMARCレコードのタグの重複",
        "{name}のDMARCレコードは、同じタグが2回あるため使われません：「{text}」。",
        _TWICE,
        _ONCE,
    ),
    "dmarc.tag-duplicate-ignored": Text(
        "使われないDMARCレコードのタグの重複",
        "{name}のDMARCレコードは、同じタグが2回あるため使われません：「{text}」。",
        _TWICE,
        _ONCE,
    ),
    "dmarc.np-invalid": Text(
        "ポリシーではないnpの値",
        "{name}のnp={value}は、none、quarantine、rejectのどれでもありません。{guess}",
        "RFC 9989に従う受信側は、レコード全体をp=noneとして扱うか、ないものとして扱います。RFC 7489に従う受信側は、npを無視します。",
        "{name}のnpの値を直すか、npを削除してください。",
    ),
    "dmarc.syntax": Text(
        "DMARCレコードの読み取れない部分",
        "DMARCレコードの「{text}」の部分は、読み取れないため無視されます。理由：{problem}。",
        "レコードは「タグ名=値」をセミコロンで区切って書きます。読み取れない部分には効果がありません。",
        "この部分を直すか、削除してください。",
    ),
    "dmarc.value-ignored": Text(
        "効果のない値",
        "{name}の{tag}={value}は、このタグに使える値ではないため、無視されます。",
        "代わりにタグの既定値が使われるため、意図と異なる結果になることがあります。",
        "{tag}の値を直すか、{tag}を削除してください。",
    ),
    "dmarc.rua-invalid": Text(
        "使えないレポートの宛先",
        "{name}の{tag}に、レポートの宛先として使えない値があります：{wrong}。",
        "宛先は、mailto:dmarc@example.comのようなURIで指定します。メールアドレスだけを書いても、レポートは届きません。",
        "どのメールアドレスも前にmailto:を付け、複数ある場合はコンマで区切ってください。",
    ),
    "dmarc.rua-missing": Text(
        "レポートの宛先の欠落",
        "{name}のDMARCレコードに、集計レポートの宛先（rua）がありません。",
        "集計レポートを見れば、誰が自社の名前でメールを送っているかが分かります。レポートがないと、厳しいポリシーで自社のメールまで届かなくなっていても気づけません。",
        "レポートを受け取るメールアドレスを、rua=mailto:…の形で加えてください。",
    ),
    "dmarc.version-case": Text(
        "大文字のV",
        "{name}のDMARCレコードが、v=ではなくV=で始まっています。",
        "RFC 9989では認められますが、古いRFC 7489では認められません。RFC 7489に厳密に従う受信側は、レコードを無視します。",
        "小文字のvで、v=DMARC1と書いてください。",
    ),
    "dmarc.policy-not-second": Text(
        "2番目にないpタグ",
        "{name}で、pタグがvの直後にありません。",
        "RFC 7489はこの順序を求めていますが、RFC 9989では不要になりました。ほとんどの受信側は、どちらの順序でも受け入れます。",
        "pを、v=DMARC1の直後に移してください。",
    ),
    "dmarc.tag-removed": Text(
        "廃止されたタグ",
        "{name}に{tag}={value}がありますが、RFC 9989でこのタグは廃止されました。",
        "新しい受信側は、このタグを無視します。ただし、pctは今もBIMIの仕様案で条件に使われています。",
        "{tag}を削除してください。",
    ),
    "dmarc.tag-unknown": Text(
        "DMARCにないタグ",
        "{name}に「{tag}」がありますが、DMARCにこのようなタグはありません。{guess}",
        "知られていないタグは無視されます。タグ名は小文字で書きます。",
        "タグ名を直すか、このタグを削除してください。",
    ),
    # whether it is good enough for BIMI
    "dmarc.missing": Text(
        "DMARCの未設定",
        "{domain}に適用されるDMARCポリシーがありません（{readings}の場合）。",
        "BIMIのロゴが表示されるのは、DMARCポリシーがquarantineまたはrejectのドメインだけです。",
        "_dmarc.{domain}でTXTレコードを公開してください。最初は「v=DMARC1; p=none; rua=mailto:…」とします。自社のメールがすべてDMARC認証に成功することをレポートで確かめてから、pをquarantine、rejectの順に引き上げます。",
    ),
    "dmarc.name-doubled": Text(
        "末尾のドットの欠落",
        "ゾーンファイルの{line}行目のDMARCレコードは{at}にあり、{name}にはありません。末尾のドットが抜けているようです。",
        _DOUBLED,
        _ADD_DOT,
    ),
    "dmarc.name-other": Text(
        "別の名前にあるDMARCレコード",
        "ゾーンファイルの{line}行目のDMARCレコードは{at}にあり、{name}にはありません。",
        "受信側は、_dmarc.で始まる名前だけでDMARCレコードを探します。",
        "自社のドメインから送るメールのためのレコードであれば、ゾーンファイルの{line}行目のレコードを{name}に移してください。",
    ),
    "dmarc.policy-none": Text(
        "noneのDMARCポリシー",
        "{domain}に適用されるポリシーは、{name}の{tag}=noneです（{readings}の場合）。",
        "BIMIの条件は、quarantineまたはrejectです。noneでは、DMARC認証に失敗したメールもそのまま配信されます。",
        "自社のメールがすべてDMARC認証に成功することを集計レポートで確かめてから、{name}の{tag}をquarantine、rejectの順に引き上げてください。",
    ),
    "dmarc.only-version": Text(
        "途中で切れたDMARCレコード",
        "{name}のDMARCレコードに、バージョンしか書かれていません（{readings}の場合）。",
        _COMMENT,
        '{name}のテキスト全体を、"v=DMARC1; p=reject; rua=mailto:…"のように引用符で囲んでください。DNSサービスの入力欄では、全文を入力します。BIMIのためには、pをquarantineまたはrejectにします。',
    ),
    "dmarc.policy-missing": Text(
        "ポリシーのないDMARCレコード",
        "{name}のDMARCレコードに、pタグがありません（{readings}の場合）。",
        "有効なpがないレコードは、p=noneとして扱われるか、DMARCがないものとして扱われます。BIMIの条件は、quarantineまたはrejectです。",
        "{name}のv=DMARC1の直後に、pを加えてください。最初はnoneとし、自社のメールがすべてDMARC認証に成功することをレポートで確かめてから、quarantineまたはrejectにします。",
    ),
    "dmarc.policy-unusable": Text(
        "使えないDMARCポリシー",
        "{name}のDMARCレコードに、有効なポリシーがありません（{readings}の場合）。{tag}の値：「{value}」。{guess}",
        "有効なpがないレコードや、sp（RFC 9989ではnpも）の値が正しくないレコードは、p=noneとして扱われるか、DMARCがないものとして扱われます。BIMIの条件は、quarantineまたはrejectです。",
        "{name}の{tag}に使える値は、none、quarantine、rejectです。BIMIのためには、quarantineまたはrejectにしてください。",
    ),
    "dmarc.subdomain-none": Text(
        "noneのサブドメインポリシー",
        "{name}のDMARCレコードに、sp=noneがあります（{readings}の場合）。",
        "BIMIの仕様案では、送信元ドメインまたはその組織ドメイン（Organizational Domain）のレコードにsp=noneがあるドメインは、BIMIの対象になりません。サブドメイン以外から送るメールでも同じです。",
        "{name}のspを削除するか、quarantineまたはrejectに引き上げてください。削除すると、サブドメインにもpが適用されます。",
    ),
    "dmarc.quarantine-partial": Text(
        "一部のメールだけのquarantine",
        "{name}のDMARCレコードのポリシーはquarantineですが、pct={value}の指定があります（{readings}の場合）。",
        "quarantineの場合、BIMIではすべてのメールにポリシーを適用する必要があります。RFC 9989ではpctが無視されますが、BIMIの仕様案では今も条件に含まれます。",
        "{name}のpctを削除するか、100にしてください。",
    ),
    "dmarc.quarantine-testing": Text(
        "テストモードのquarantine",
        "{name}のDMARCレコードのポリシーはquarantineですが、t=y（テスト中）の指定があります（{readings}の場合）。",
        "t=yがあると、RFC 9989に従う受信側は1段階弱いポリシーを適用します。quarantineはnoneになります。",
        "テストが終わったら、{name}のt=yを削除してください。",
    ),
    "dmarc.organizational-missing": Text(
        "組織ドメインでのDMARCの未設定",
        "組織ドメイン（Organizational Domain）の{domain}に、DMARCレコードがありません（{readings}の場合）。",
        "BIMIでは、送信元ドメインだけでなく、組織ドメインのポリシーもquarantineまたはrejectでなければなりません。",
        "_dmarc.{domain}で、p=quarantineまたはp=rejectのDMARCレコードを公開してください。その前に、このドメインから送るメールがすべてDMARC認証に成功することを、レポートで確かめます。",
    ),
    "dmarc.organizational-none": Text(
        "noneの組織ドメインのポリシー",
        "組織ドメイン（Organizational Domain）の{domain}に適用されるDMARCポリシーは、{name}の{tag}=noneです（{readings}の場合）。",
        "送信元ドメインにこれより厳しいポリシーがあっても、BIMIでは、組織ドメインのポリシーもquarantineまたはrejectでなければなりません。",
        "自社のメールがすべてDMARC認証に成功することをレポートで確かめてから、{name}の{tag}をquarantineまたはrejectに引き上げてください。",
    ),
    "dmarc.one-reading-bars": Text(
        "片方のDMARC標準仕様で満たせないBIMIの条件",
        "{domain}のDMARCは、{reading}ではBIMIの条件を満たしませんが、{other}では妨げになりません。理由：{reason}（{name}）。",
        "受信側は、RFC 7489からRFC 9989へ順次移行しており、どちらに従っているかを明らかにしていません。ロゴが表示される受信側と、表示されない受信側が出るおそれがあります。",
        "どちらの標準仕様でもBIMIの条件を満たすように、DMARCレコードを見直してください。レコードがない場合は公開します。結果を左右している箇所：{name}",
    ),
    "dmarc.readings-differ": Text(
        "DMARCの標準仕様による結果の違い",
        "{domain}のDMARCは、従う標準仕様によって結果が異なります。RFC 9989の場合：{new}。RFC 7489の場合：{old}。",
        "受信側は、RFC 7489からRFC 9989へ順次移行しており、どちらに従っているかを明らかにしていません。",
        "組織ドメイン（Organizational Domain）で、t、np、psd、pctのない簡単なレコード（v=DMARC1; p=reject; rua=…）を公開してください。これで、どちらでも同じ結果になります。p=rejectにするのは、自社のメールがすべてDMARC認証に成功することをレポートで確かめてからにします。",
    ),
    "dmarc.testing": Text(
        "テストモードのDMARC",
        "{name}のDMARCレコードに、t=y（テスト中）の指定があります。RFC 9989に従う受信側は、ポリシー（{policy}）を1段階弱めて適用します。",
        "t=yをBIMIでどう扱うかは、決まっていません。ポリシーがrejectでも、ロゴを表示する受信側と表示しない受信側がありえます。",
        "テストが終わったら、{name}のt=yを削除してください。",
    ),
    "dmarc.np-none": Text(
        "存在しないサブドメインに対するnone",
        "{name}のDMARCレコードに、np=noneがあります。",
        "存在しないサブドメインの名前を使って、誰でもメールを送れてしまいます。BIMIの仕様案にnpの記載はありませんが、問題とみなす受信側があるかもしれません。",
        "{name}のnpを削除するか、rejectにしてください。",
    ),
    "dmarc.suffix-policy": Text(
        "パブリックサフィックスから引き継いだポリシー",
        "{organization}に独自のDMARCレコードがないため、RFC 9989では、パブリックサフィックス（{domain}）のポリシーが適用されます。",
        "BIMIにとってこれで十分かどうかは、決まっていません。また、RFC 7489に従う受信側は、パブリックサフィックスのレコードを参照しません。",
        "_dmarc.{organization}で、独自のDMARCレコードを公開してください。",
    ),
    "dmarc.undecided": Text(
        "確認できなかったDMARC",
        "{name}をDNSに問い合わせても有効な回答が得られず、DMARCを判定できませんでした（{readings}の場合）。理由：{reason}。",
        "回答が得られないことと、レコードがないことは違います。受信側も、レコードを取得できるときと、できないときがあるかもしれません。",
        "時間をおいて、もう一度確認してください。変わらない場合は、{zone}のネームサーバーの管理者に、調べるよう依頼してください。",
    ),
    "dmarc.not-given": Text(
        "DMARCの指定の省略",
        "{name}のレコードが指定されなかったため、DMARCは確認していません（{readings}の場合）。{problem}",
        "ロゴが表示されるかどうかは、そのドメインと組織ドメイン（Organizational Domain）のDMARCによって変わります。",
        "公開する予定のDMARCレコードを、組織ドメインの分も含めて指定するか、公開中のドメインを確認してください。",
    ),
    # the name itself
    "bimi.domain-nonexistent": Text(
        "DNSに存在しないドメイン",
        "{domain}というドメインは存在しません。DNSの回答は、この名前がないというもの（NXDOMAIN）でした。",
        "存在しないドメインからメールを送ることはできず、レコードを公開することもできません。多くの場合、名前のつづりが間違っているか、登録の期限が切れています。",
        "{domain}のつづりを確かめてください。正しければ、ドメインを登録するか、登録を更新してネームサーバーが応答するようにしてから、もう一度確認してください。",
    ),
    "bimi.subdomain-nonexistent": Text(
        "DNSに存在しないサブドメイン",
        "{domain}は存在しません。{organization}はありますが、{domain}についてのDNSの回答は、この名前がないというもの（NXDOMAIN）でした。",
        "DNSにない名前からのメールは、多くの受信側が拒否します。RFC 9989では、そのような名前に専用のポリシー（np）が適用されることもあります。",
        "{domain}のつづりを確かめてください。正しければ、メールを送る前に、このサブドメインのレコード（A、AAAAまたはMX）を設定してください。",
    ),
    "bimi.domain-suffix": Text(
        "1つの組織のものではないドメイン",
        "{domain}はパブリックサフィックスです。その下の名前は、それぞれ別の所有者が登録します。{domain}にはDMARCレコードもありません。",
        "ロゴは、1つの組織のドメインに付けるものです。そのドメイン名は、パブリックサフィックスより少なくとも1つ長くなります。",
        "example.{domain}のように、{domain}の前の部分まで含めた、自社のドメイン名全体を指定してください。{domain}そのものを運営していて、そこからメールを送る場合だけは、_dmarc.{domain}でDMARCレコードを公開します。",
    ),
    "bimi.domain-suffix-own": Text(
        "パブリックサフィックス",
        "{domain}はパブリックサフィックスで、その下の名前の所有者はそれぞれ異なります。この結果は{domain}そのものについてのもので、その下のドメインについてのものではありません。",
        "パブリックサフィックスの下の組織は、それぞれ自分のドメインで、DMARCとBIMIのレコードを公開します。そのドメイン名は、パブリックサフィックスより少なくとも1つ長くなります。",
        "自社のドメインが{domain}の下にある場合は、example.{domain}のようなドメイン名全体を指定してください。{domain}そのものからメールを送る場合は、何もする必要はありません。",
    ),
    "bimi.domain-not-in-zone": Text(
        "別のドメインのゾーンファイル",
        "ゾーンファイルに、{domain}とその下の名前が1つもありません。書かれているのは{other}の名前です。",
        "ドメインのレコードは、そのドメインのゾーンで調べられます。別のゾーンの内容は使われません。",
        "この公開計画に{domain}のゾーンファイルを指定するか、公開計画のドメインを直してください。",
    ),
    "bimi.domain-zone-empty": Text(
        "空のゾーンファイル",
        "{domain}のレコードがあるはずのゾーンファイルに、レコードが1つもありません。",
        "レコードがなければ、DMARCもBIMIもなく、何も判定できません。",
        "{domain}のゾーンをもう一度書き出すか、この公開計画に別のファイルを指定してください。",
    ),
    # the Assertion Record
    "bimi.name-doubled": Text(
        "末尾のドットの欠落",
        "ゾーンファイルの{line}行目のアサーションレコードは{at}にあり、{name}にはありません。末尾のドットが抜けているようです。",
        _DOUBLED,
        _ADD_DOT,
    ),
    "bimi.name-other": Text(
        "別の名前にあるアサーションレコード",
        "ゾーンファイルの{line}行目のアサーションレコードは{at}にあり、{name}にはありません。",
        "受信側が調べるのは、セレクター、_bimi、ドメインの順に並べた1つの名前だけです。メールに指定がなければ、セレクターはdefaultです。",
        "このロゴのためのレコードであれば、ゾーンファイルの{line}行目のレコードを{name}に移してください。",
    ),
    "bimi.missing": Text(
        "アサーションレコードの未設定",
        "アサーションレコードがありません。問い合わせた名前：{names}。",
        "メールサービスは、このレコードでロゴの場所を知ります。レコードがなければ、ロゴは表示されません。",
        "次のようなTXTレコードを、{name}で公開してください：v=BIMI1; l=https://…/logo.svg; a=https://…/certificate.pem",
    ),
    "bimi.not-given": Text(
        "アサーションレコードの指定の省略",
        "{name}のアサーションレコードが指定されなかったため、確認していません。{problem}",
        "このレコードがなければ、どのメールサービスもロゴを見つけられません。",
        "公開する予定のレコードを指定するか、公開中のドメインを確認してください。",
    ),
    "bimi.undecided": Text(
        "確認できなかったアサーションレコード",
        "{name}をDNSに問い合わせても、有効な回答が得られませんでした。理由：{reason}。そのため、どのアサーションレコードが使われるかを判定できません。",
        "回答が得られないことと、レコードがないことは違います。受信側でも同じことが起きると、その回はロゴが表示されません。",
        "時間をおいて、もう一度確認してください。変わらない場合は、{zone}のネームサーバーの管理者に、調べるよう依頼してください。",
    ),
    "bimi.version": Text(
        "先頭が正しくないアサーションレコード",
        "{name}のレコードはBIMI用のようですが、正確に「v=BIMI1;」で始まっていません：「{text}」。",
        "大文字と小文字も含めて正確にv=BIMI1と書き、セミコロンを続けなければなりません。そうでないレコードは無視されます。受信側が誤りを補うことは禁じられています。",
        f"{_EDIT}先頭は半角の「v=BIMI1;」です。その前に引用符や空白を入れないでください。",
    ),
    "bimi.version-ignored": Text(
        "無視されるレコード",
        "{name}のレコードはBIMI用のようですが、先頭が正確に「v=BIMI1;」になっていないため、使われません：「{text}」。",
        "先頭がこの表記どおりのv=BIMI1とセミコロンで始まらないレコードは、無視されます。受信側が補正することは認められていません。",
        "DNSの管理画面で、{name}のTXTレコードを「v=BIMI1;」で始まるように直すか、削除してください。",
    ),
    "bimi.record-multiple": Text(
        "複数のアサーションレコード",
        "{name}に、アサーションレコードが{count}個あります。",
        "受信側は、どれが正しいかを判断できないため、どれも使いません。",
        "v=BIMI1で始まるTXTレコードを{name}に1つだけ残し、ほかは削除してください。",
    ),
    "bimi.syntax": Text(
        "アサーションレコードの読み取れない部分",
        "アサーションレコードの「{text}」の部分を読み取れません。理由：{problem}。",
        "受信側がアサーションレコードの誤りを補うことは禁じられています。1か所でも誤りがあると、レコード全体が使えません。",
        f"{_EDIT}v=BIMI1; l=https://…; a=https://…のように、各部分を1つのセミコロンで区切ります。",
    ),
    "bimi.tag-duplicate": Text(
        "アサーションレコードのタグの重複",
        "{name}のアサーションレコードに、同じタグが2回あります：「{text}」。",
        "同じタグが2回あるレコードは、全体が無効です。",
        "どのタグも1つずつにしてください。",
    ),
    "bimi.only-version": Text(
        "途中で切れたアサーションレコード",
        "{name}のアサーションレコードに、バージョンしか書かれていません。",
        _COMMENT,
        '{name}のテキスト全体を、"v=BIMI1; l=https://…/logo.svg; a=https://…/certificate.pem"のように引用符で囲んでください。DNSサービスの入力欄では、全文を入力します。',
    ),
    "bimi.location-missing": Text(
        "ロゴのURLの欠落",
        "{name}のアサーションレコードに、lタグがありません。",
        "ロゴの場所を示すlタグは必須です。タグ名は小文字で書きます。",
        "レコードに、l=https://…/logo.svgを加えてください。",
    ),
    "bimi.location-invalid": Text(
        "ロゴの無効なURL",
        "{name}の「{text}」にあるURLは無効です。理由：{problem}。",
        "lには、https://で始まるURLを1つだけ書きます。受信側が誤りを補うことは禁じられています。",
        "ブラウザーに表示されるとおりにURLを書いてください。例：l=https://example.com/logo.svg",
    ),
    "bimi.location-suffix": Text(
        "SVGの拡張子ではないファイル名",
        "{name}の「{text}」にあるファイル名が、.svgまたは.svgzで終わっていません。",
        "ほかの拡張子のファイルは、中身が何であってもエラーになり、使われません。",
        "ロゴをSVG Tiny PS形式で用意し、.svgで終わる名前で公開して、lをそのURLに書き換えてください。",
    ),
    "bimi.location-empty": Text(
        "証明書だけでロゴのないレコード",
        "{name}のアサーションレコードに、証明書（a）はありますが、lが空です。",
        "「ロゴを表示しない」という意味になるのは、lとaの両方が空の場合だけです。lだけが空だと、受信側はロゴを見つけられず、レコードは使えません。",
        "ロゴのURLをlに書いてください。そのロゴは、証明書の中のロゴと同じでなければなりません。",
    ),
    "bimi.authority-invalid": Text(
        "証明書の無効なURL",
        "{name}の「{text}」にあるURLは無効です。理由：{problem}。",
        "aは空にするか、https://で始まり、完全なドメイン名を含むURLを1つだけ書きます。",
        "PEMファイルのURLを書くか（例：a=https://example.com/vmc.pem）、a=を空にしてください。",
    ),
    "bimi.lps-invalid": Text(
        "読み取れないlps",
        "{name}の「{text}」の値は、ローカルパート（メールアドレスの@より前の部分）の先頭の文字列を並べたものではありません。",
        "lpsには、英数字とハイフンでできた63文字以内の文字列を、コンマで区切って書きます。空にすると、すべてのURLが対象です。",
        "lps=news,billingのように直すか、lpsを削除してください。",
    ),
    "bimi.selector-invalid": Text(
        "セレクターとして使えない名前",
        "「{selector}」は、セレクターとして使えません。",
        "セレクターはDNSの名前の一部です。使えるのは、英数字とハイフン、それに区切りのドットだけです。",
        "公開しているレコードのセレクターを指定してください。メールにBIMI-Selectorヘッダーを付けていなければ、「default」です。",
    ),
    "bimi.name-too-long": Text(
        "DNSの上限を超えるレコード名",
        "{name}は{length}文字です。名前全体、またはドットで区切られた1つの部分が長すぎます。",
        "DNSの名前は全体で253文字、ドットで区切られた1つの部分は63文字までです。この名前でレコードを公開することはできません。",
        "もっと短いセレクターを使うか、組織ドメイン（Organizational Domain）でレコードを公開してください。",
    ),
    "bimi.declined": Text(
        "BIMIを使わない宣言",
        "{name}のレコードは、lとaが空で、ロゴを表示しないという宣言になっています。",
        "レコードとしては有効です。受信側はロゴを表示せず、ほかのレコードも探しません。",
        "ロゴを表示したい場合は、ロゴのURLをlに、証明書のURLをaに書いてください。",
    ),
    "bimi.avp-invalid": Text(
        "avpの不明な値",
        "{name}の「{text}」は、avp=brandでもavp=personalでもありません。",
        "受信側は、これを無視するか、レコード全体を使わないことがあります。大文字と小文字は区別されます。",
        "avp=brandまたはavp=personalと書くか、avpを削除してください。",
    ),
    "bimi.readings-differ": Text(
        "受信側によって異なるアサーションレコード",
        "アサーションレコードの検索結果が、従う標準仕様によって異なります。RFC 9989の場合：{new}。RFC 7489の場合：{old}。",
        "送信元ドメインにレコードがないとき、受信側は組織ドメイン（Organizational Domain）のレコードを探します。どこが組織ドメインになるかが、2つの標準仕様で異なります。",
        "送信元ドメインそのもので、レコードを公開してください。これで、どちらでも同じレコードが見つかります。",
    ),
    "bimi.tag-unknown": Text(
        "BIMIにないタグ",
        "{name}に「{tag}」がありますが、BIMIにこのようなタグはありません。{guess}",
        "知られていないタグは無視されます。タグ名は小文字で書きます。",
        "タグ名を直すか、このタグを削除してください。",
    ),
    "bimi.authority-missing": Text(
        "証明書のないレコード",
        "{name}のレコードには、ロゴの指定はありますが、証明書（a）の指定がありません。",
        "証明書がなくても規格違反ではありません。ただし、GmailとAppleがロゴを表示するのは、マーク証明書がある場合だけです。",
        "GmailやAppleでも表示したい場合は、VMC（Gmailだけでよければ、CMCも可）を取得して公開し、そのURLをaに書いてください。",
    ),
    "bimi.local-part-unusable": Text(
        "セレクターにできないローカルパート",
        "「{text}」をセレクターに変換できないため、lpsは使われません。",
        "変換できるのは、英数字、ハイフン、ドット、アンダースコアでできた、63文字までのローカルパート（メールアドレスの@より前の部分）だけです。",
        "このアドレスに{name}のレコードが使われてよければ、対応は必要ありません。そうでない場合は、別のアドレスを使ってください。",
    ),
    # certificates to come
    "caa.authority-excluded": Text(
        "利用中の認証局を認めないCAAレコード",
        "{name}のCAAレコードで、マーク証明書を発行できる認証局が限られています。認められている認証局：{allowed}。今の証明書の認証局：{authority}。",
        "今の証明書はそのまま使えますが、この認証局は次の証明書を発行できません。",
        '更新の前に、次のCAAレコードを{name}に加えてください：0 issuevmc "{authority}"',
    ),
    "caa.critical-unknown": Text(
        "証明書の発行を妨げるCAAレコード",
        "{name}のCAAレコードに、認証局の知らないクリティカルなプロパティがあります：「{tag}」。",
        "知らないプロパティがクリティカルになっていると、認証局は証明書を一切発行できません。",
        "プロパティの名前に誤りがないか確かめるか、クリティカルのフラグ（128）を外してください。",
    ),
    "caa.not-checked": Text(
        "確認できなかったCAAレコード",
        "{name}のCAAレコードをDNSに問い合わせても、有効な回答が得られませんでした。理由：{reason}。",
        "認証局がこのドメインの証明書を発行できるかどうかは、不明です。現在のロゴの表示には影響しません。",
        "証明書の申し込みや更新の前に、もう一度確認してください。問い合わせに失敗する間は、認証局も証明書を発行しません。",
    ),
}
