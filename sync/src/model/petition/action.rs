//! What an event does.

use jiff::civil::Date;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::facts::{Kind, named};
use crate::id::{BodyId, CategoryId, RecordId};
use crate::model::time::cbor_date_opt;

named!(
    /// How a resolution ended.
    Outcome {
        /// *Đã giải quyết.*
        Settled = "settled",
        /// *Đã giải thích.*
        Explained = "explained",
        /// *Không chấp nhận.*
        Refused = "refused",
    }
);

named!(
    /// How the person was told.
    AnswerMeans {
        /// Face to face.
        InPerson = "in-person",
        /// By telephone.
        Phone = "phone",
        /// By letter.
        Letter = "letter",
        /// Online.
        Online = "online",
    }
);

named!(
    /// A fact that can be corrected.
    Field {
        /// Commune.
        Unit = "unit",
        /// Hamlet.
        Hamlet = "hamlet",
        /// Subject matter.
        Category = "category",
        /// Legal kind.
        Kind = "kind",
        /// Channel.
        Channel = "channel",
        /// The words.
        Text = "text",
        /// Where the matter is.
        Place = "place",
        /// `true` or `false`.
        Urgent = "urgent",
        /// Number of people.
        Collective = "collective",
    }
);

named!(
    /// The kinds of events, as the contract names them.
    ActionKind {
        /// *Tiếp nhận.*
        Receive = "receive",
        /// *Phân loại.*
        Classify = "classify",
        /// *Chuyển.*
        Refer = "refer",
        /// *Thụ lý.*
        Accept = "accept",
        /// *Chuyển trả.*
        Return = "return",
        /// *Chuyển tiếp.*
        Transfer = "transfer",
        /// *Gia hạn.*
        Extend = "extend",
        /// *Tạm đình chỉ.*
        Pause = "pause",
        /// *Tiếp tục.*
        Resume = "resume",
        /// *Đôn đốc.*
        Chase = "chase",
        /// *Giải quyết.*
        Resolve = "resolve",
        /// *Thông báo kết quả cho người dân.*
        Answer = "answer",
        /// *Mức độ hài lòng.*
        Rate = "rate",
        /// *Kết thúc.*
        Close = "close",
        /// *Mở lại.*
        Reopen = "reopen",
        /// *Trùng.*
        Duplicate = "duplicate",
        /// *Không trùng.*
        NotDuplicate = "not-duplicate",
        /// *Hướng dẫn.*
        Guide = "guide",
        /// *Lưu đơn.*
        File = "file",
        /// *Rút đơn.*
        Withdraw = "withdraw",
        /// *Ý kiến.*
        Comment = "comment",
        /// *Đính chính.*
        Correct = "correct",
        /// *Tách đơn.*
        Split = "split",
    }
);

macro_rules! cbor_word {
    ($($name:ident),+) => { $(
        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(&self, e: &mut minicbor::Encoder<W>, _: &mut C)
                -> Result<(), minicbor::encode::Error<W::Error>> {
                e.str(self.as_str())?.ok()
            }
        }
        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                $name::parse(d.str()?).ok_or_else(|| minicbor::decode::Error::message(concat!("unknown ", stringify!($name))))
            }
        }
    )+ };
}
cbor_word!(Outcome, AnswerMeans, Field, Kind);

/// What an event does, with what it needs. Numbers are the wire's and never change meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub enum Action {
    /// Front staff take it in.
    #[n(1)]
    Receive,
    /// Legal kind and subject matter.
    #[n(2)]
    Classify {
        /// Legal kind.
        #[n(0)]
        kind: Option<Kind>,
        /// Subject matter.
        #[n(1)]
        category: Option<CategoryId>,
    },
    /// Handed to a lead body, with others.
    #[n(3)]
    Refer {
        /// The lead body.
        #[n(0)]
        to: BodyId,
        /// Bodies that work with it.
        #[n(1)]
        with: Option<Vec<BodyId>>,
        /// A date given by the one who refers, before any policy's.
        #[cbor(n(2), with = "cbor_date_opt", has_nil)]
        due: Option<Date>,
        /// What the body should know.
        #[n(3)]
        note: Option<String>,
    },
    /// The body takes it on.
    #[n(4)]
    Accept,
    /// Not its competence.
    #[n(5)]
    Return {
        /// Why.
        #[n(0)]
        reason: String,
    },
    /// Handed on by the body that holds it.
    #[n(6)]
    Transfer {
        /// To whom.
        #[n(0)]
        to: BodyId,
        /// Why.
        #[n(1)]
        reason: String,
    },
    /// More time.
    #[n(7)]
    Extend {
        /// The new last day.
        #[cbor(n(0), with = "cbor_date_opt", has_nil)]
        until: Option<Date>,
        /// Why.
        #[n(1)]
        reason: String,
    },
    /// The clock stands still.
    #[n(8)]
    Pause {
        /// Why.
        #[n(0)]
        reason: String,
    },
    /// The clock runs again.
    #[n(9)]
    Resume,
    /// A reminder.
    #[n(10)]
    Chase {
        /// Its words.
        #[n(0)]
        text: String,
    },
    /// What the body did.
    #[n(11)]
    Resolve {
        /// How it ended.
        #[n(0)]
        outcome: Outcome,
        /// The result.
        #[n(1)]
        text: String,
    },
    /// The person has been told.
    #[n(12)]
    Answer {
        /// How.
        #[n(0)]
        means: AnswerMeans,
        /// In which words.
        #[n(1)]
        text: Option<String>,
    },
    /// What the person thinks of it.
    #[n(13)]
    Rate {
        /// Content or not.
        #[n(0)]
        satisfied: bool,
        /// In which words.
        #[n(1)]
        text: Option<String>,
    },
    /// Nothing more to do.
    #[n(14)]
    Close,
    /// Taken up again.
    #[n(15)]
    Reopen {
        /// Why.
        #[n(0)]
        reason: String,
    },
    /// The same matter by the same voice as another petition.
    #[n(16)]
    Duplicate {
        /// The one that counts.
        #[n(0)]
        of: RecordId,
    },
    /// It was no duplicate.
    #[n(17)]
    NotDuplicate {
        /// Of which it was said to be one.
        #[n(0)]
        of: RecordId,
    },
    /// Shown the right door.
    #[n(18)]
    Guide {
        /// Which.
        #[n(0)]
        text: String,
    },
    /// Filed without handling.
    #[n(19)]
    File {
        /// Why.
        #[n(0)]
        reason: String,
    },
    /// Taken back by the person.
    #[n(20)]
    Withdraw {
        /// Why.
        #[n(0)]
        reason: String,
    },
    /// A word for those who hold it.
    #[n(21)]
    Comment {
        /// The word.
        #[n(0)]
        text: String,
    },
    /// A fact put right.
    #[n(22)]
    Correct {
        /// Which fact.
        #[n(0)]
        field: Field,
        /// Its right value.
        #[n(1)]
        value: String,
        /// Why.
        #[n(2)]
        why: String,
    },
    /// A part of its content goes its own way.
    #[n(23)]
    Split {
        /// The petition made of that part.
        #[n(0)]
        into: RecordId,
    },
}

impl Action {
    /// Its kind.
    pub fn kind(&self) -> ActionKind {
        use ActionKind as K;
        match self {
            Action::Receive => K::Receive,
            Action::Classify { .. } => K::Classify,
            Action::Refer { .. } => K::Refer,
            Action::Accept => K::Accept,
            Action::Return { .. } => K::Return,
            Action::Transfer { .. } => K::Transfer,
            Action::Extend { .. } => K::Extend,
            Action::Pause { .. } => K::Pause,
            Action::Resume => K::Resume,
            Action::Chase { .. } => K::Chase,
            Action::Resolve { .. } => K::Resolve,
            Action::Answer { .. } => K::Answer,
            Action::Rate { .. } => K::Rate,
            Action::Close => K::Close,
            Action::Reopen { .. } => K::Reopen,
            Action::Duplicate { .. } => K::Duplicate,
            Action::NotDuplicate { .. } => K::NotDuplicate,
            Action::Guide { .. } => K::Guide,
            Action::File { .. } => K::File,
            Action::Withdraw { .. } => K::Withdraw,
            Action::Comment { .. } => K::Comment,
            Action::Correct { .. } => K::Correct,
            Action::Split { .. } => K::Split,
        }
    }

    /// The lead body named by a refer or a transfer: what two events can be rivals about.
    pub fn lead(&self) -> Option<&BodyId> {
        match self {
            Action::Refer { to, .. } | Action::Transfer { to, .. } => Some(to),
            _ => None,
        }
    }
}
