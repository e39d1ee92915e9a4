//! Bytes of a client in, messages and control frames out.

use std::ops::Range;

use tungstenite::protocol::frame::coding::{Control, Data, OpCode};

use super::deflate::Inflater;
use super::{
    Incoming, Violation,
    mask::Mask,
    message::Message,
    outgoing::MAX_CONTROL,
    partial::{Opened, PartialHeader},
    usual::Usual,
};

/// What one message may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest message, in bytes over all its fragments. Default 1,000,000, the `maxPayload` of other servers. A longer
    /// one is refused at the frame header that declares it, before any of it is kept.
    pub max_message: usize,
    /// Most frames of one message. Default 1,024: a message of the default length in pieces of 1 KB, less than any
    /// client sends, while a flood of empty fragments ends soon.
    pub max_fragments: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_message: 1_000_000, max_fragments: 1_024 }
    }
}

/// Reads the frames of one client (RFC 6455, sections 5 to 8, server side).
///
/// A message that lies whole in the input is handed out from there, without a copy; only an unfinished frame or message
/// is kept. Call [`read`](Self::read) with what is left of the input until it answers `Ok(None)`: that call also frees
/// the message that the one before handed out.
///
/// ```
/// use sockeye_proto::websocket::{Incoming, Reader};
///
/// let mut reader = Reader::default();
/// let mut input = *b"\x81\x82\x00\x00\x00\x00hi\x89\x80\x00\x00\x00\x00";
/// let mut rest = &mut input[..];
///
/// let (used, event) = reader.read(rest);
/// assert_eq!(event, Ok(Some(Incoming::Text("hi"))));
/// rest = &mut rest[used..];
///
/// let (used, event) = reader.read(rest);
/// assert_eq!(event, Ok(Some(Incoming::Ping(b""))));
/// rest = &mut rest[used..];
///
/// assert_eq!(reader.read(rest), (0, Ok(None)));
/// ```
#[derive(Debug)]
pub struct Reader {
    limits: Limits,
    header: PartialHeader,
    /// The frame whose payload is being read.
    frame: Option<Unread>,
    /// Boxed: mostly what comes is whole, and between two messages there is nothing.
    pieces: Option<Box<Pieces>>,
    /// What the last event was handed out from; the next call empties it.
    lent: Option<Lent>,
    end: Option<End>,
    /// Compression was negotiated. Boxed: it mostly is not.
    inflater: Option<Box<Inflater>>,
}

/// What has come in pieces, until it is whole and was handed out.
#[derive(Debug, Default)]
struct Pieces {
    /// The message whose frames are being read.
    message: Option<Message>,
    /// The payload of an unfinished control frame, which may come between the frames of a message.
    control: Vec<u8>,
}

/// A frame whose header has been judged and whose payload has not all come.
#[derive(Clone, Copy, Debug)]
struct Unread {
    opcode: OpCode,
    last: bool,
    compressed: bool,
    mask: Mask,
    left: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lent {
    Message,
    Control,
}

/// Why nothing more is read.
#[derive(Clone, Copy, Debug)]
enum End {
    Closed,
    Violated(Violation),
}

/// Where a payload lies that is whole.
enum Whole {
    /// In the input, behind what was consumed before it.
    Input(OpCode, Range<usize>),
    /// The same, compressed: text or not.
    Deflated(bool, Range<usize>),
    Message,
    Control(Control),
}

impl Reader {
    /// A reader at the beginning of a websocket.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            header: PartialHeader::new(),
            frame: None,
            pieces: None,
            lent: None,
            end: None,
            inflater: None,
        }
    }

    /// Reads compressed messages, too, as it was agreed with the client.
    #[must_use]
    pub fn with_inflater(mut self, inflater: Inflater) -> Self {
        self.header.extend();
        self.inflater = Some(Box::new(inflater));
        self
    }

    /// Reads at most one event from the front of `input`, which is unmasked in place; answers the bytes consumed and the
    /// event. `Ok(None)` means that everything was consumed and more is needed.
    ///
    /// # Errors
    /// The [`Violation`] for which the websocket has to be failed. It is final: every later call answers it again. After
    /// [`Incoming::Close`] whatever comes is discarded.
    pub fn read<'a>(&'a mut self, input: &'a mut [u8]) -> (usize, Result<Option<Incoming<'a>>, Violation>) {
        if self.is_between_messages() {
            if input.is_empty() {
                return (0, Ok(None));
            }
            if let Some(Usual { is_text, payload }) = Usual::find(input, self.limits.max_message) {
                return self.usual(is_text, payload.end, input.get(payload).unwrap_or_default());
            }
        }
        let over = self.end.is_some();
        if over || self.lent.is_some() {
            self.release(over);
        }
        match self.end {
            Some(End::Closed) => return (input.len(), Ok(None)),
            Some(End::Violated(violation)) => return (input.len(), Err(violation)),
            None => {}
        }
        let mut used = 0;
        let found = self.advance(input, &mut used).and_then(|whole| self.inflate(whole, input));
        self.lent = match found {
            Ok(Some(Whole::Message)) => Some(Lent::Message),
            Ok(Some(Whole::Control(_))) => Some(Lent::Control),
            Ok(Some(Whole::Input(..) | Whole::Deflated(..)) | None) | Err(_) => None,
        };
        let event = match found {
            // There is none any more: it was inflated.
            Ok(None | Some(Whole::Deflated(..))) => Ok(None),
            Ok(Some(Whole::Input(opcode, range))) => {
                whole(opcode, input.get(range).unwrap_or_default()).map(Some)
            }
            Ok(Some(Whole::Message)) => {
                self.pieces.as_deref().and_then(Pieces::message).map(Message::finish).transpose()
            }
            Ok(Some(Whole::Control(kind))) => {
                let control = self.pieces.as_ref().map_or(&[][..], |pieces| &pieces.control);
                Incoming::control(kind, control).map(Some)
            }
            Err(violation) => Err(violation),
        };
        self.end = match event {
            Ok(Some(Incoming::Close(_))) => Some(End::Closed),
            Ok(_) => None,
            Err(violation) => Some(End::Violated(violation)),
        };
        (used, event)
    }

    /// Bytes of memory held for what is unfinished, or was handed out last.
    pub fn buffered(&self) -> usize {
        self.pieces.as_ref().map_or(0, |pieces| {
            pieces.message().map_or(0, Message::capacity).saturating_add(pieces.control.capacity())
        })
    }

    /// Frees what was handed out last; everything when it is `over`.
    fn release(&mut self, over: bool) {
        let lent = self.lent.take();
        if let Some(pieces) = &mut self.pieces
            && !over
        {
            match lent {
                Some(Lent::Message) => pieces.message = None,
                Some(Lent::Control) => pieces.control = Vec::new(),
                None => {}
            }
        }
        self.pieces.take_if(|pieces| over || pieces.is_empty());
    }

    /// Whether nothing is kept and nothing has ended, so that a frame begins here.
    fn is_between_messages(&self) -> bool {
        self.end.is_none()
            && self.lent.is_none()
            && self.frame.is_none()
            && self.pieces.is_none()
            && self.header.is_empty()
    }

    fn usual<'a>(
        &mut self,
        is_text: bool,
        used: usize,
        payload: &'a [u8],
    ) -> (usize, Result<Option<Incoming<'a>>, Violation>) {
        if !is_text {
            return (used, Ok(Some(Incoming::Binary(payload))));
        }
        let text = text(payload);
        if let Err(violation) = text {
            self.end = Some(End::Violated(violation));
        }
        (used, text.map(Some))
    }

    /// Reads until a payload is whole or the input is used up.
    fn advance(&mut self, input: &mut [u8], used: &mut usize) -> Result<Option<Whole>, Violation> {
        loop {
            let mut frame = match self.frame.take() {
                Some(frame) => frame,
                None => {
                    let (bytes, opened) = self.header.read(input.get(*used..).unwrap_or_default());
                    *used = used.saturating_add(bytes);
                    let Some(opened) = opened? else { return Ok(None) };
                    self.judge(opened)?
                }
            };
            let behind = input.get_mut(*used..).unwrap_or_default();
            if behind.is_empty() && frame.left > 0 {
                // A header alone keeps nothing else: its payload may still come whole.
                self.frame = Some(frame);
                return Ok(None);
            }
            let here = frame.left.min(behind.len());
            let payload = behind.get_mut(..here).unwrap_or_default();
            frame.mask.apply(payload);
            frame.left = frame.left.saturating_sub(here);
            let range = *used..used.saturating_add(here);
            *used = range.end;

            let whole = match frame.opcode {
                OpCode::Control(kind) => self.control(&frame, kind, payload, range),
                OpCode::Data(kind) => self.data(&frame, kind, payload, range)?,
            };
            if frame.left > 0 {
                self.frame = Some(frame);
                return Ok(None);
            }
            if whole.is_some() {
                return Ok(whole);
            }
        }
    }

    /// Decides by its header alone whether a frame may come now. What it declares is judged here, before any of it is
    /// kept, and never reserved.
    fn judge(&mut self, opened: Opened) -> Result<Unread, Violation> {
        let Opened { opcode, last, compressed, mask, length } = opened;
        let begins = matches!(opcode, OpCode::Data(Data::Text | Data::Binary));
        if compressed && !begins {
            return Err(Violation::ReservedBit);
        }
        let message = self.pieces.as_mut().and_then(|pieces| pieces.message.as_mut());
        let room = match (opcode, message) {
            (OpCode::Control(_), _) if !last => return Err(Violation::FragmentedControl),
            (OpCode::Control(_), _) => MAX_CONTROL,
            (OpCode::Data(Data::Continue), None) => return Err(Violation::UnexpectedContinuation),
            (OpCode::Data(Data::Continue), Some(message)) => {
                if message.count_fragment() > self.limits.max_fragments {
                    return Err(Violation::TooManyFragments);
                }
                let is_deflated = message.as_deflated().is_some();
                self.limits.longest(is_deflated).saturating_sub(message.len())
            }
            (OpCode::Data(_), Some(_)) => return Err(Violation::UnfinishedMessage),
            (OpCode::Data(_), None) => self.limits.longest(compressed),
        };
        match usize::try_from(length) {
            Ok(left) if left <= room => Ok(Unread { opcode, last, compressed, mask, left }),
            _ if matches!(opcode, OpCode::Control(_)) => Err(Violation::LongControl),
            _ => Err(Violation::TooLong),
        }
    }

    /// Takes the next bytes of a control frame.
    fn control(
        &mut self,
        frame: &Unread,
        kind: Control,
        payload: &[u8],
        range: Range<usize>,
    ) -> Option<Whole> {
        if frame.left == 0 && self.pieces.as_ref().is_none_or(|pieces| pieces.control.is_empty()) {
            return Some(Whole::Input(frame.opcode, range));
        }
        let control = &mut self.pieces.get_or_insert_default().control;
        control.reserve_exact(payload.len().saturating_add(frame.left));
        control.extend_from_slice(payload);
        (frame.left == 0).then_some(Whole::Control(kind))
    }

    /// Takes the next bytes of a data frame.
    fn data(
        &mut self,
        frame: &Unread,
        kind: Data,
        payload: &[u8],
        range: Range<usize>,
    ) -> Result<Option<Whole>, Violation> {
        if frame.left == 0 && frame.last && self.pieces.as_deref().and_then(Pieces::message).is_none() {
            return Ok(Some(match kind {
                _ if !frame.compressed => Whole::Input(frame.opcode, range),
                Data::Text => Whole::Deflated(true, range),
                Data::Continue | Data::Binary | Data::Reserved(_) => Whole::Deflated(false, range),
            }));
        }
        let message = self.pieces.get_or_insert_default().message.get_or_insert_with(|| match kind {
            Data::Text if frame.compressed => Message::deflated(true),
            _ if frame.compressed => Message::deflated(false),
            Data::Text => Message::text(),
            Data::Continue | Data::Binary | Data::Reserved(_) => Message::binary(),
        });
        message.extend(payload, if frame.last { frame.left } else { usize::MAX })?;
        Ok((frame.left == 0 && frame.last).then_some(Whole::Message))
    }
}

/// Compressed messages.
impl Reader {
    /// Inflates a whole message if it is compressed. It becomes one that is kept until the next call.
    fn inflate(&mut self, whole: Option<Whole>, input: &[u8]) -> Result<Option<Whole>, Violation> {
        let (is_text, bytes) = match (&whole, self.pieces.as_deref().and_then(Pieces::message)) {
            (Some(Whole::Deflated(is_text, range)), _) => {
                (*is_text, input.get(range.clone()).unwrap_or_default())
            }
            (Some(Whole::Message), Some(message)) => match message.as_deflated() {
                Some(deflated) => deflated,
                None => return Ok(whole),
            },
            _ => return Ok(whole),
        };
        let inflater = self.inflater.as_mut().ok_or(Violation::ReservedBit)?;
        let bytes = inflater.inflate(bytes, self.limits.max_message)?;
        self.pieces.get_or_insert_default().message = Some(Message::inflated(is_text, bytes)?);
        Ok(Some(Whole::Message))
    }
}

impl Pieces {
    const fn message(&self) -> Option<&Message> {
        self.message.as_ref()
    }

    const fn is_empty(&self) -> bool {
        self.message.is_none() && self.control.capacity() == 0
    }
}

impl Limits {
    /// Bytes of the longest message as it arrives. One that cannot be compressed becomes a little longer by that.
    fn longest(self, compressed: bool) -> usize {
        if compressed {
            self.max_message.saturating_add(self.max_message / 256).saturating_add(64)
        } else {
            self.max_message
        }
    }
}

impl Default for Reader {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

/// The event of a payload that lies whole in the input.
fn whole(opcode: OpCode, payload: &[u8]) -> Result<Incoming<'_>, Violation> {
    match opcode {
        OpCode::Control(kind) => Incoming::control(kind, payload),
        OpCode::Data(Data::Text) => text(payload),
        OpCode::Data(_) => Ok(Incoming::Binary(payload)),
    }
}

fn text(payload: &[u8]) -> Result<Incoming<'_>, Violation> {
    // Half the instructions of the standard library's for a message of 128 bytes, a third for a long one.
    simdutf8::basic::from_utf8(payload).map(Incoming::Text).map_err(|_| Violation::InvalidUtf8)
}
