"""Words that only the rules on DNS records use, in Japanese."""

from __future__ import annotations

TERMS: dict[str, str] = {
    "guess.none": "",
    "guess.closest": "近い候補：{guess}。",
    # why a text is no domain name
    "domain.empty": "空欄です",
    "domain.several": "複数の名前か空白が含まれています",
    "domain.too-long": "長すぎます",
    "domain.no-room": "DMARCやBIMIのレコードの名前にすると、上限の253文字を超えます",
    "domain.single-label": "トップレベルドメインの下の名前ではありません",
    "domain.label": "ドット（.）で区切られた部分に、ドメイン名では使えないものがあります",
    "domain.international": "DNSでは表せない文字が含まれています",
    # why a part of a tag-list can't be read
    "tags.empty": "セミコロンの間に何も書かれていません",
    "tags.no-equals": "「=」がありません",
    "tags.name": "「=」の前が、タグ名として正しくありません",
    "tags.value": "ここでは使えない文字があります",
    "tags.duplicate": "同じタグが2回あります",
    "tags.too-long": "レコードが長すぎます",
    # why an address in a record is invalid
    "uri.comma": "コンマがあります（書けるURLは1つだけで、URLの中のコンマは%2Cと書きます）",
    "uri.space": "途中に空白があります",
    "uri.semicolon": "次のタグの前にセミコロンがありません",
    "uri.character": "URLでは使えない文字があります",
    "uri.not-absolute": "https://で始まっていません",
    "uri.not-https": "https://以外で始まっています",
    "uri.host": "有効なホスト名がありません",
    "uri.user": "ホスト名の前に、ユーザー名または@があります",
    "uri.not-fqdn": "ホスト名が、完全なドメイン名ではありません",
    # why a question could not be answered
    "dns.timeout": "時間内に回答がありませんでした",
    "dns.servfail": "ネームサーバーがエラーを返しました",
    "dns.refused": "ネームサーバーが回答を拒否しました",
    "dns.cname": "CNAMEレコードの参照が循環しているか、長すぎます",
    "dns.network": "回答が正しい形式でないか、通信に失敗しました",
    "dns.walk": "組織ドメインを特定できませんでした",
    # why a zone file doesn't say what is at a name
    "beyond.none": "",
    "beyond.alias": "ゾーンファイルのCNAMEレコードが、別のゾーンの名前を参照しています。",
    "beyond.delegated": "ゾーンファイルのNSレコードが、この名前を別のネームサーバーに委任しています。このファイルに書かれた、その名前のレコードは使われません。",
    "beyond.above": "この名前は、ファイルのゾーンより上にあります。",
    # why a reading of DMARC bars BIMI
    "bars.missing": "適用されるDMARCポリシーがありません",
    "bars.record-multiple": "DMARCレコードが複数あり、どれも使われません",
    "bars.tag-duplicate": "レコードに同じタグが2回あり、使われません",
    "bars.policy-none": "ポリシーがnoneです",
    "bars.only-version": "レコードにバージョンしか書かれていません",
    "bars.policy-missing": "レコードにpタグがありません",
    "bars.policy-unusable": "レコードに有効なポリシーがありません",
    "bars.subdomain-none": "sp=noneが指定されています",
    "bars.quarantine-partial": "quarantineで、pctが100ではありません",
    "bars.quarantine-testing": "quarantineで、t=yが指定されています",
    "bars.organizational-missing": "組織ドメインにレコードがありません",
    "bars.organizational-none": "組織ドメインのポリシーがnoneです",
}
