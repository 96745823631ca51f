"""Words that only the rules on SPF and DKIM use, in Japanese."""

from __future__ import annotations

TERMS: dict[str, str] = {
    # why a term of an SPF record can't be read
    "spf.character": "タブや全角文字など、ここでは使えない文字があります",
    "spf.no-term": "メカニズムでも修飾子でもありません",
    "spf.unknown": "この名前のメカニズムはありません",
    "spf.empty": "名前の後ろに何もありません（コロンの後ろに空白を入れると、そこで項目が終わります）",
    "spf.all-value": "「all」の後ろには何も書けません",
    "spf.address": "この種類のIPアドレスではありません",
    "spf.prefix": "スラッシュの後ろの長さが正しくありません",
    "spf.macro": "マクロ（%{…}）が正しくありません",
    "spf.domain": "ドットを含むドメイン名ではありません",
    "spf.twice": "同じ修飾子が2回あります",
    "spf.too-long": "レコードが長すぎます",
    # why an include or redirect can't be used
    "spf.missing": "SPFレコードがありません",
    "spf.several": "SPFレコードが複数あります",
    # why a DKIM key can't be read
    "dkim.base64": "Base64として正しくありません。途中で切れたか、変わった可能性があります",
    "dkim.pem": "鍵ファイルの-----BEGIN/END-----の行が含まれています",
    "dkim.der": "公開鍵ではありません。途中で切れた可能性があります",
    "dkim.key-too-long": "極端に長すぎます",
    "dkim.not-rsa": "k=はRSAを示していますが、RSAの鍵ではありません",
    "dkim.ed25519-as-rsa": "Ed25519の鍵のようですが、k=ed25519がありません",
    "dkim.ed25519-length": "Ed25519の鍵は、ちょうど32バイトです",
    "dkim.ed25519-wrapped": "Ed25519の鍵は、鍵ファイルの枠を付けず、32バイトだけを書きます",
}
