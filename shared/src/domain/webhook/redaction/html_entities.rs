//! Named character references of HTML.

/// The character of `&name;`. Ignores letter case, as the search does. Knows punctuation and ISO
/// 8859-1: other characters are usually written as numbers or literally.
pub(super) fn named(name: &str) -> Option<char> {
    let found = NAMED.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    if let Some((_, c)) = found {
        return Some(*c);
    }
    let same = |(_, known): &(u32, &&str)| known.eq_ignore_ascii_case(name);
    let latin = (FIRST_LATIN..).zip(&LATIN).find(same);
    latin.and_then(|(code, _)| char::from_u32(code))
}

const NAMED: [(&str, char); 37] = [
    ("quot", '"'),
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("apos", '\''),
    ("excl", '!'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("lpar", '('),
    ("rpar", ')'),
    ("ast", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("period", '.'),
    ("sol", '/'),
    ("colon", ':'),
    ("semi", ';'),
    ("equals", '='),
    ("quest", '?'),
    ("commat", '@'),
    ("lsqb", '['),
    ("lbrack", '['),
    ("bsol", '\\'),
    ("rsqb", ']'),
    ("rbrack", ']'),
    ("hat", '^'),
    ("lowbar", '_'),
    ("grave", '`'),
    ("lcub", '{'),
    ("lbrace", '{'),
    ("verbar", '|'),
    ("vert", '|'),
    ("rcub", '}'),
    ("rbrace", '}'),
    ("nbsp", '\u{A0}'),
    ("euro", '€'),
];

const FIRST_LATIN: u32 = 0xA1;

/// The names of U+00A1 to U+00FF, in order. Upper and lower case letters differ in letter case only, so
/// the first match is as good as the second.
const LATIN: [&str; 95] = [
    "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf", "laquo",
    "not", "shy", "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para",
    "middot", "cedil", "sup1", "ordm", "raquo", "frac14", "frac12", "frac34", "iquest", "agrave",
    "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil", "egrave", "eacute", "ecirc",
    "euml", "igrave", "iacute", "icirc", "iuml", "eth", "ntilde", "ograve", "oacute", "ocirc",
    "otilde", "ouml", "times", "oslash", "ugrave", "uacute", "ucirc", "uuml", "yacute", "thorn",
    "szlig", "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil", "egrave",
    "eacute", "ecirc", "euml", "igrave", "iacute", "icirc", "iuml", "eth", "ntilde", "ograve",
    "oacute", "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave", "uacute", "ucirc", "uuml",
    "yacute", "thorn", "yuml",
];
