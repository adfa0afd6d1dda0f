//! Instants as documents hold them: whole milliseconds since 1970, UTC.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// How an instant is written in CBOR (`#[cbor(with = "…")]`): a signed integer of milliseconds.
pub mod cbor_millis {
    use super::{Timestamp, from_millis};

    /// Writes.
    pub fn encode<C, W: minicbor::encode::Write>(
        t: &Timestamp,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.i64(t.as_millisecond())?.ok()
    }

    /// Reads.
    pub fn decode<C>(d: &mut minicbor::Decoder<'_>, _: &mut C) -> Result<Timestamp, minicbor::decode::Error> {
        from_millis(d.i64()?).ok_or_else(|| minicbor::decode::Error::message("time out of range"))
    }
}

/// The same for an optional instant, `null` when there is none.
pub mod cbor_millis_opt {
    use super::Timestamp;

    /// Writes.
    pub fn encode<C, W: minicbor::encode::Write>(
        t: &Option<Timestamp>,
        e: &mut minicbor::Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        match t {
            Some(t) => super::cbor_millis::encode(t, e, ctx),
            None => e.null()?.ok(),
        }
    }

    /// Reads.
    pub fn decode<C>(d: &mut minicbor::Decoder<'_>, ctx: &mut C) -> Result<Option<Timestamp>, minicbor::decode::Error> {
        if d.datatype()? == minicbor::data::Type::Null {
            d.null()?;
            return Ok(None);
        }
        super::cbor_millis::decode(d, ctx).map(Some)
    }

    /// What an absent field means.
    pub fn nil() -> Option<Option<Timestamp>> {
        Some(None)
    }

    /// Whether the field may be left out.
    pub fn is_nil(t: &Option<Timestamp>) -> bool {
        t.is_none()
    }
}

/// A calendar date in CBOR: days since 1970-01-01.
pub mod cbor_date_opt {
    use super::{Date, date_from_days, days_of};

    /// Writes.
    pub fn encode<C, W: minicbor::encode::Write>(
        date: &Option<Date>,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        match date {
            Some(date) => e.i32(days_of(*date))?.ok(),
            None => e.null()?.ok(),
        }
    }

    /// Reads.
    pub fn decode<C>(d: &mut minicbor::Decoder<'_>, _: &mut C) -> Result<Option<Date>, minicbor::decode::Error> {
        if d.datatype()? == minicbor::data::Type::Null {
            d.null()?;
            return Ok(None);
        }
        date_from_days(d.i32()?).map(Some).ok_or_else(|| minicbor::decode::Error::message("date out of range"))
    }

    /// What an absent field means.
    pub fn nil() -> Option<Option<Date>> {
        Some(None)
    }

    /// Whether the field may be left out.
    pub fn is_nil(date: &Option<Date>) -> bool {
        date.is_none()
    }
}

/// An instant from milliseconds; none when the year is outside 1900–2200, which no honest device writes.
pub fn from_millis(millis: i64) -> Option<Timestamp> {
    const FIRST: i64 = -2_208_988_800_000;
    const LAST: i64 = 7_258_118_400_000;
    if !(FIRST..LAST).contains(&millis) {
        return None;
    }
    Timestamp::from_millisecond(millis).ok()
}

/// Whole milliseconds of an instant: what survives being written.
pub fn truncate(t: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(t.as_millisecond()).unwrap_or(t)
}

/// The date of an instant in a zone.
pub fn local_date(t: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(t).date()
}

/// The beginning of an instant's day in a time zone.
pub fn begin_of_day(t: Timestamp, zone: &TimeZone) -> Timestamp {
    local_date(t, zone).to_zoned(zone.clone()).map_or(t, |begins| begins.timestamp())
}

/// 00:00 of a date in a zone.
pub fn midnight(date: Date, zone: &TimeZone) -> Timestamp {
    zone.to_ambiguous_timestamp(date.at(0, 0, 0, 0)).compatible().unwrap_or(Timestamp::MAX)
}

/// Days since 1970-01-01.
pub fn days_of(date: Date) -> i32 {
    const EPOCH: Date = jiff::civil::date(1970, 1, 1);
    (date - EPOCH).get_days()
}

/// The date so many days after 1970-01-01.
pub fn date_from_days(days: i32) -> Option<Date> {
    if !(-25_567..84_006).contains(&days) {
        return None;
    }
    use jiff::ToSpan;
    jiff::civil::date(1970, 1, 1).checked_add(days.days()).ok()
}

/// An instant as people and JSON read it: RFC 3339 with the zone's offset, whole seconds.
pub fn rfc3339(t: Timestamp, zone: &TimeZone) -> String {
    let offset = zone.to_offset(t);
    let whole = Timestamp::from_second(t.as_second()).unwrap_or(t);
    whole.display_with_offset(offset).to_string()
}
