"""What assertions and the pytest plugin say besides reports, in Japanese."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # what is asked, as a list tells it
    "asked.readable": "読み取れること",
    "asked.conforms": "適合していること",
    "asked.ready": "{providers}の準備が完了していること",
    "asked.good": "見た目に問題がないこと",
    "asked.valid": "{domain}に有効であること",
    "asked.lasting": "あと丸{days}日以上有効であること",
    "asked.matches": "{logo}と一致すること",
    "asked.revoked": "失効していないこと",
    # that it isn't so
    "failed.conforms": "{subject}は適合していません",
    "failed.ready": "{subject}は、{providers}の準備が完了していません",
    "failed.good": "{subject}の見た目に問題があります",
    "failed.valid": "{subject}は、{domain}に有効ではありません",
    "failed.lasting": "{subject}の有効期間は、あと丸{days}日に足りません",
    "failed.matches": "{subject}は、{logo}と一致しません",
    "failed.revoked": "{subject}は失効しているか、マーク証明書ではありません",
    # that it could not be found out
    "undecided.conforms": "{subject}が適合しているかどうかを確認できませんでした",
    "undecided.ready": "{subject}について、{providers}の準備が完了しているかどうかを確認できませんでした",
    "undecided.good": "{subject}の見た目に問題がないかどうかを確認できませんでした",
    "undecided.valid": "{subject}が{domain}に有効かどうかを確認できませんでした",
    "undecided.lasting": "{subject}があと丸{days}日以上有効かどうかを確認できませんでした",
    "undecided.matches": "{subject}が{logo}と一致するかどうかを確認できませんでした",
    "undecided.revoked": "{subject}が失効しているかどうかを確認できませんでした",
    # why, where no finding tells
    "not-covered": "証明書は{domain}を対象としていません",
    "revocation-unchecked": "失効の確認が必要ですが、確認していません。認証局の失効リスト（CRL）を指定してください",
    # names of subjects
    "svg": "ロゴ",
    "certificate": "証明書",
    "zone": "ゾーンファイル",
    "with-selector": "{domain}（セレクター{selector}）",
    "comma": "、",
    # what stands in the way
    "unreadable": "{file}を読み取れません：{reason}",
    "unreadable-at": "{file}を読み取れません：{reason}（{path}）",
    "searched": "（bimikit.tomlと、[tool.bimikit]のテーブルがあるpyproject.tomlを、pytestのrootdirである{folder}から"
    "上のフォルダーへ順に探しました）",
    "no-publication": "{file}に{domain}のpublicationsがありません。あるのは次のとおりです：{known}",
    "no-publications": "{file}にpublicationsがありません",
    "no-config": "{domain}で何を公開するかを示す設定ファイルがありません。設定ファイルを作るか、svg=、certificate=、dmarc=、"
    "record=、zone=を指定してください",
    "no-config-at-all": "publicationsを書いた設定ファイルがありません",
    "no-providers": "準備が必要なメールサービスを指定してください",
    "several-reports": "{subject}には複数のpublicationsがあります。.reportsを使うか、セレクターを指定してください",
    # the plugin
    "live": "このテストはネットワークに接続します。pytestに--bimi-liveを付けるか、テストに@pytest.mark.bimi_liveを付けてください",
    "live-arguments": "{test}：@pytest.mark.bimi_liveは引数を取りません。引数か、マーク自体を外してください",
    "within": "サブテストで：{reasons}",
    "nothing-asked": "{subject}について何も確認していないため、このテストは問題があっても成功します。.conforms()などの確認を"
    "加えてください",
    "undecided-setting": "bimi_undecidedが{value}になっています。errorかxfailを指定してください",
    "no-report-folder": "--bimi-report：{folder}に書き込めません：{reason}",
    "foreign-folder": "--bimi-report：{file}はbimikitが書き出したものではなく、このままでは上書きされます。空のフォルダーか、以前に書き出したフォルダーを指定してください",
    "reports-written": "bimikit：レポート{count}件を{file}に書き出しました",
    # the index of reports
    "index.title": "テストで確認したもの",
    "index.none": "テストでは何も確認していません。",
    "index.PASS": "確認しました",
    "index.FAIL": "満たしていません",
    "index.INDETERMINATE": "確認できませんでした",
}
