//! Decoded views of a body.

/// A range of a body, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Part {
    /// The range from the start of `self` to the end of `last`.
    pub(super) fn to(self, last: Self) -> Self {
        Self { start: self.start, end: last.end }
    }
}

/// A decoded view of a body: bytes, and the part of the body that each byte comes from.
#[derive(Debug, Clone)]
pub(super) struct View {
    bytes: Vec<u8>,
    parts: Vec<Part>,
    /// Whether the body was cut off at the end of this view.
    pub(super) is_cut: bool,
    /// Whether the view was decoded from base64 or hex. Ordinary words decode to noise, in which short
    /// texts occur by chance.
    pub(super) is_from_digits: bool,
}

/// The decoded content of an escape.
pub(super) enum Unescaped {
    Byte(u8),
    Char(char),
    /// The end of the escape was cut off with the body's.
    Unknown,
}

/// An escape at the beginning of a text: its length and its decoded content.
pub(super) struct Escape {
    pub(super) len: usize,
    pub(super) unescaped: Unescaped,
}

impl View {
    /// The view of a body as received.
    pub(super) fn of(body: &[u8], is_cut: bool) -> Self {
        let parts = (0..body.len()).map(|start| Part { start, end: start + 1 });
        Self { bytes: body.to_vec(), parts: parts.collect(), is_cut, is_from_digits: false }
    }

    /// A view without bytes, to push to.
    pub(super) fn empty(is_cut: bool, is_from_digits: bool) -> Self {
        Self { bytes: Vec::new(), parts: Vec::new(), is_cut, is_from_digits }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The bytes and their parts.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u8, Part)> {
        self.bytes.iter().copied().zip(self.parts.iter().copied())
    }

    /// The part of the body from which `len` bytes from `start` come.
    pub(super) fn part_of(&self, start: usize, len: usize) -> Option<Part> {
        let last = start.checked_add(len)?.checked_sub(1)?;
        Some(self.parts.get(start)?.to(*self.parts.get(last)?))
    }

    /// The offset in the body at which the view begins.
    pub(super) fn start(&self) -> usize {
        self.parts.first().map_or(0, |part| part.start)
    }

    pub(super) fn push(&mut self, byte: u8, part: Part) {
        self.bytes.push(byte);
        self.parts.push(part);
    }

    fn push_char(&mut self, c: char, part: Part) {
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            self.push(byte, part);
        }
    }

    /// The view with the escapes that begin with `sign` decoded; `None` if there are none. `decode`
    /// gets the text from a sign on, and whether its end was cut off.
    pub(super) fn unescaped(
        &self,
        sign: u8,
        decode: impl Fn(&[u8], bool) -> Option<Escape>,
    ) -> Option<Self> {
        if !self.bytes.contains(&sign) {
            return None;
        }
        let mut view = Self::empty(self.is_cut, self.is_from_digits);
        let mut is_changed = false;
        let mut at = 0;
        while let (Some(rest), Some(part)) = (self.bytes.get(at..), self.parts.get(at)) {
            let is_sign = rest.first() == Some(&sign);
            let escape = if is_sign { decode(rest, self.is_cut) } else { None };
            if let Some(Escape { len, unescaped }) = escape {
                is_changed = true;
                let part = self.part_of(at, len).unwrap_or(*part);
                match unescaped {
                    Unescaped::Byte(byte) => view.push(byte, part),
                    Unescaped::Char(c) => view.push_char(c, part),
                    Unescaped::Unknown => {}
                }
                at += len.max(1);
            } else {
                view.bytes.extend(rest.first());
                view.parts.push(*part);
                at += 1;
            }
        }
        is_changed.then_some(view)
    }

    /// The view with letter case folded, and with a space for each `+`, as in forms. Bytes that are not
    /// UTF-8 are read as ISO 8859-1.
    pub(super) fn folded(&self) -> Self {
        if self.bytes.is_ascii() {
            let bytes = self.bytes.iter().map(|byte| fold_ascii(*byte)).collect();
            return Self { bytes, ..self.clone() };
        }
        let mut view = Self::empty(self.is_cut, self.is_from_digits);
        let mut at = 0;
        let mut chunks = self.bytes.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            for c in chunk.valid().chars() {
                let part = self.part_of(at, c.len_utf8()).unwrap_or(Part { start: 0, end: 0 });
                fold(c, |c| view.push_char(c, part));
                at += c.len_utf8();
            }
            if self.is_cut && chunks.peek().is_none() {
                // The rest is the beginning of a cut character.
                break;
            }
            for byte in chunk.invalid() {
                let part = self.part_of(at, 1).unwrap_or(Part { start: 0, end: 0 });
                fold(char::from(*byte), |c| view.push_char(c, part));
                at += 1;
            }
        }
        view
    }
}

/// Folds letter case: `ß`, `ẞ` and `SS` become equal, as do `K` (Kelvin) and `k`.
fn fold(c: char, mut push: impl FnMut(char)) {
    match u8::try_from(c) {
        Ok(byte) if byte.is_ascii() => push(char::from(fold_ascii(byte))),
        _ => c
            .to_lowercase()
            .flat_map(char::to_uppercase)
            .flat_map(char::to_lowercase)
            .for_each(push),
    }
}

fn fold_ascii(byte: u8) -> u8 {
    if byte == b'+' { b' ' } else { byte.to_ascii_lowercase() }
}

/// `bytes` with letter case folded as in [`View::folded`].
pub(super) fn folded(bytes: &[u8]) -> Vec<u8> {
    View::of(bytes, false).folded().bytes
}
