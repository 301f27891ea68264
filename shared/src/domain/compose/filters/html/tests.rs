use super::*;

#[test]
fn tags_and_blocks_are_removed_closed_or_not() {
    for (html, text) in [
        ("Have <em>you</em> read <strong>Ulysses</strong>?", "Have you read Ulysses?"),
        ("<p>a<br/>b</p>", "ab"),
        ("a<script>x<y</script>b", "ab"),
        ("a<SCRIPT type='x'>x</Script >b</script>c", "ac"),
        ("a<style>x</style>b<!-- c > d -->e", "abe"),
        ("a<script>alert(1)", "a"),
        ("a<script", "a"),
        ("a<script src=x", "a"),
        ("a<style>p{}", "a"),
        ("a<style", "a"),
        ("a<!-- b", "a"),
        ("a<!-- b --", "a"),
        ("a<!-->b-->c", "ac"),
        ("a<b", "a"),
        ("a</b", "a"),
        ("a<!doctype", "a"),
        ("a<?php b", "a"),
        ("a<img src=x onerror=alert(1) ", "a"),
        ("a<b<script>x</script>>c", "ac"),
        ("a<styled>b", "ab"),
        ("a<scripts>b<script>c", "ab"),
        ("1 < 2", "1 < 2"),
        ("a<", "a<"),
        ("1 < 2 > 1", "1  1"),
        ("a > b", "a > b"),
        ("<\n>multi\nline<a\nb>", "multi\nline"),
        ("ü<b>ü</b>ü", "üüü"),
        ("", ""),
    ] {
        assert_eq!(strip(html), text, "{html}");
    }
}
