//! Every reason there is: its stable word, what it is given, and its English line.

use std::fmt::Display;

use super::Reason;

macro_rules! reasons {
    ($($variant:ident = $word:literal, $make:ident($($arg:ident),*), $english:literal;)+) => {
        /// Why something is not taken. The words are stable: replicas keep them, and each has a line in every language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum ReasonKey { $(#[doc = concat!("```text\n", $english, "\n```")] $variant),+ }

        impl ReasonKey {
            /// Every key.
            pub const ALL: &'static [ReasonKey] = &[$(ReasonKey::$variant),+];

            /// The word that travels and is kept.
            pub fn as_str(self) -> &'static str {
                match self { $(ReasonKey::$variant => $word),+ }
            }

            /// Reads that word; none for one of a newer program.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($word => Some(ReasonKey::$variant),)+ _ => None }
            }

            /// What it is given, in order: the names that stand in braces in its lines.
            pub fn args(self) -> &'static [&'static str] {
                match self { $(ReasonKey::$variant => &[$(stringify!($arg)),*]),+ }
            }

            /// For logs and for the operator.
            pub fn english(self) -> &'static str {
                match self { $(ReasonKey::$variant => $english),+ }
            }
        }

        impl Reason {
            $(
                #[doc = concat!("```text\n", $english, "\n```")]
                pub fn $make($($arg: impl Display),*) -> Self {
                    Self::of(ReasonKey::$variant, vec![$($arg.to_string()),*])
                }
            )+
        }
    };
}

reasons! {
    // A change that no honest program writes, or that cannot be read.
    NotAChunk = "not-a-chunk", not_a_chunk(), "not a change chunk";
    NothingNamed = "nothing-named", nothing_named(), "refers to a change that was not named before";
    UnreadableColumns = "unreadable-columns", unreadable_columns(), "its columns cannot be read";
    Undecodable = "undecodable", undecodable(), "it cannot be decoded";
    OtherBytes = "other-bytes", other_bytes(), "it does not say what its bytes are";
    MoreThanAChange = "more-than-a-change", more_than_a_change(),
        "it carries a time, a message or bytes that changes here do not have";
    NotAChange = "not-a-change", not_a_change(), "not a change";
    NotApplicable = "not-applicable", not_applicable(), "the change cannot be applied";
    NoKind = "no-kind", no_kind(), "the document is of no known kind";
    FactUnreadable = "fact-unreadable", fact_unreadable(field), "the record lacks a readable `{field}`";
    NotWritable = "not-writable", not_writable(), "the change cannot be written";
    NotLoadable = "not-loadable", not_loadable(), "cannot be written: it does not load again";
    OtherActor = "other-actor", other_actor(), "its actor is not its device's for this record";
    WrongNumbers = "wrong-numbers", wrong_numbers(), "its operations are numbered wrongly";
    StandsOnNothing = "stands-on-nothing", stands_on_nothing(), "it stands on nothing";
    NotItsGround = "not-its-ground", not_its_ground(), "its dependencies are not here";
    OtherKind = "other-kind", other_kind(), "it would make another kind of record of it";
    NoSuchContainer = "no-such-container", no_such_container(),
        "it writes into a container that the record does not have";
    NotAFact = "not-a-fact", not_a_fact(), "it writes at the root what is no fact";
    UnknownFact = "unknown-fact", unknown_fact(), "it writes a fact that this program does not know";
    NotAnEventId = "not-an-event-id", not_an_event_id(), "an event's key is no id";
    NotLetters = "not-letters", not_letters(), "minutes are letters and nothing else";
    WritesNothing = "writes-nothing", writes_nothing(record), "it writes nothing a {record} has";
    NotYetSeen = "not-yet-seen", not_yet_seen(), "an event names one that its author cannot have seen";
    NotTheDirectory = "not-the-directory", not_the_directory(), "it is not the tenant's directory";
    NotFollowing = "not-following", not_following(), "a revision does not follow what its author had seen";
    // Whose it is, and what it stands on.
    NotItsSignature = "not-its-signature", not_its_signature(), "the signature is not the device's";
    WrittenInItsPlace = "written-in-its-place", written_in_its_place(),
        "the device has written another change in its place";
    StandsOnRefused = "stands-on-refused", stands_on_refused(), "it stands on a change that was refused";
    RecordNotTaken = "record-not-taken", record_not_taken(), "the record it belongs to was not taken";
    PassageNotThere = "passage-not-there", passage_not_there(),
        "the passage it changes never came into these minutes";
    NewerEvent = "newer-event", newer_event(), "an event of a newer program";
    NewerEntry = "newer-entry", newer_entry(), "an entry of a newer program";
    AheadOfClock = "ahead-of-clock", ahead_of_clock(minutes),
        "its time is {minutes} minutes ahead of the server's clock";
    // Written once.
    RecordThere = "record-there", record_there(), "the record is there already";
    EventOnce = "event-once", event_once(), "an event is written once";
    RevisionOnce = "revision-once", revision_once(), "a revision is written once";
    FactOnce = "fact-once", fact_once(field), "{field} is written once";
    // Too much.
    ChangeTooLarge = "change-too-large", change_too_large(bytes, most),
        "the change has {bytes} bytes; {most} are allowed";
    TooManyOperations = "too-many-operations", too_many_operations(count, limit),
        "the change has {count} operations; {limit} are allowed";
    TooManyEventsAtOnce = "too-many-events-at-once", too_many_events_at_once(), "more events than one change may bring";
    TooManyEvents = "too-many-events", too_many_events(), "more events than a record may have";
    MinutesTooLong = "minutes-too-long", minutes_too_long(), "the minutes are longer than they may be";
    ParagraphTooLong = "paragraph-too-long", paragraph_too_long(), "a paragraph is longer than it may be";
    FieldTooLong = "field-too-long", field_too_long(field, bytes, most), "`{field}` has {bytes} bytes; {most} are allowed";
    InputTooLong = "input-too-long", input_too_long(bytes, most),
        "the text has more than {bytes} bytes; {most} are allowed";
    // A value that cannot be.
    FieldEmpty = "field-empty", field_empty(field), "`{field}` is empty";
    FieldMissing = "field-missing", field_missing(field), "`{field}` is missing";
    ValueUnreadable = "value-unreadable", value_unreadable(field), "the value cannot be read as `{field}`";
    Denunciation = "denunciation", denunciation(), "a denunciation is logged sealed: log it with --sealed";
    NotACommune = "not-a-commune", not_a_commune(unit), "`{unit}` is not a commune";
    NotAHamlet = "not-a-hamlet", not_a_hamlet(unit), "`{unit}` is not a hamlet";
    HamletElsewhere = "hamlet-elsewhere", hamlet_elsewhere(hamlet, unit),
        "the hamlet `{hamlet}` does not lie in `{unit}`; take the hamlet away first";
    // A code.
    NoSuchCode = "no-such-code", no_such_code(thing, code), "there is no {thing} `{code}`";
    Divided = "divided", divided(thing, code, into), "{thing} `{code}` was divided: use one of {into}";
    // Not by this post, not in this state.
    NoRight = "no-right", no_right(role, what), "a post with the role {role} may not {what}";
    OnlyOnTheSpot = "only-on-the-spot", only_on_the_spot(),
        "an officer may resolve only on the spot, in the command that logs the petition, with the answer";
    NotThisPlace = "not-this-place", not_this_place(post), "the post {post} has no right in this place";
    NameTheBody = "name-the-body", name_the_body(),
        "this is done for a body: name it and its paper (--on-behalf-of BODY --paper NO)";
    NotHolding = "not-holding", not_holding(body), "the body {body} does not hold this petition";
    PostNotHeld = "post-not-held", post_not_held(post), "the author does not hold the post `{post}`";
    NoPostFits = "no-post-fits", no_post_fits(), "none of the author's posts may do this";
    NoMinutesHere = "no-minutes-here", no_minutes_here(), "none of the author's posts may write minutes here";
    ImportedApart = "imported-apart", imported_apart(), "imported events come with the petition they belong to";
    WrongStatus = "wrong-status", wrong_status(action, status), "{action} is not possible while the petition is {status}";
    Contested = "contested", contested(action), "{action} is not possible while the petition is contested";
    NoLongerHeld = "no-longer-held", no_longer_held(action), "{action} is not possible: the body does not hold the petition";
    AlreadySo = "already-so", already_so(), "the minutes say so already";
    AlreadyDone = "already-done", already_done(action), "{action} is not possible: it was done before";
    // Sealed petitions.
    NotUnderAPseudonym = "not-under-a-pseudonym", not_under_a_pseudonym(),
        "a sealed petition is logged under a pseudonym, and nothing else is";
    SealedTells = "sealed-tells", sealed_tells(field), "`{field}` of a sealed petition would tell who spoke";
    SummaryFirst = "summary-first", summary_first(),
        "a sealed petition goes to a body with a summary only: write one (petition summary ID --text …)";
    SealedNotYet = "sealed-not-yet", sealed_not_yet(),
        "nobody who can open it has opened it for this device yet";
    // Who spoke.
    OtherIdentity = "other-identity", other_identity(), "the petition does not name this person";
    VersionTaken = "version-taken", version_taken(), "another version has this id";
    NotForYou = "not-for-you", not_for_you(), "the petition is not for this device";
    KeyUnknown = "key-unknown", key_unknown(), "it is locked for a key that the server does not have";
    WordsErased = "words-erased", words_erased(), "the petition's words have been taken out; they are not taken again";
    PersonErased = "person-erased", person_erased(), "the person has been forgotten";
    // A directory that does not hold together.
    OneOf = "one-of", one_of(table, entry, name, allowed),
        "[[{table}]] {entry}: cannot read `{name}`; write one of {allowed}";
    NotADate = "not-a-date", not_a_date(table, entry, name),
        "[[{table}]] {entry}: cannot read `{name}`; write dates such as \"2025-07-01\"";
    NotATerm = "not-a-term", not_a_term(table, entry, name),
        "[[{table}]] {entry}: cannot read `{name}`; write days such as \"30d\" or working days such as \"10wd\"";
    NotAZone = "not-a-zone", not_a_zone(name),
        "cannot read `{name}`; write a time zone such as \"Asia/Ho_Chi_Minh\"";
    OutOfRange = "out-of-range", out_of_range(name, least, limit),
        "cannot read `{name}`; write a number from {least} to {limit}";
    EntryLacks = "entry-lacks", entry_lacks(table, entry, name), "[[{table}]] {entry}: cannot read `{name}`; write it";
    NamesNothing = "names-nothing", names_nothing(table, entry, code),
        "[[{table}]] {entry}: names `{code}`, which is not there";
    Circle = "circle", circle(table, name, way), "[[{table}]]: {name} lead in a circle: {way}";
    PostWithoutPlace = "post-without-place", post_without_place(entry, name),
        "[[post]] {entry}: its role needs `{name}`";
    // An entry of a directory file; the place in the file stands in front.
    NoSuchTable = "no-such-table", no_such_table(), "is not a table of the directory";
    NotATable = "not-a-table", not_a_table(), "must be a table";
    NotInDirectory = "not-in-directory", not_in_directory(), "is not known in a directory file";
    UnknownName = "unknown-name", unknown_name(name, known), "`{name}` is not known here; known are {known}";
    MustBeText = "must-be-text", must_be_text(name), "`{name}` must be text";
    MustBeWord = "must-be-word", must_be_word(name), "`{name}` must be text, and not blank";
    MustBeList = "must-be-list", must_be_list(name), "`{name}` must be a list of texts";
    MustBeBool = "must-be-bool", must_be_bool(name), "`{name}` must be true or false";
    MustBeNumber = "must-be-number", must_be_number(name), "`{name}` must be a whole number";
    MustBeDate = "must-be-date", must_be_date(name), "`{name}` must be a date such as \"2025-07-01\"";
    NoCode = "no-code", no_code(), "every entry needs a `code`";
    Twice = "twice", twice(), "occurs twice; give each its own `id`";
    TwiceOnADay = "twice-on-a-day", twice_on_a_day(), "occurs twice for the same days; give each its own `id`";
}
