//! Where in a directory file something is wrong.

use sync::model::directory::FilePlace;

/// No TOML.
pub fn not_toml(line: usize) -> String {
    format!("tệp danh mục sai cú pháp TOML ở dòng {line}; hãy xem lại dấu ngoặc, dấu bằng ở dòng ấy")
}

/// Something wrong at one place.
pub fn at_place(place: &FilePlace, reason: &str) -> String {
    match place {
        FilePlace::Named(name) => format!("tệp danh mục, chỗ {name}: {reason}"),
        FilePlace::Nth { table, number } => format!("tệp danh mục, mục thứ {number} của [[{table}]]: {reason}"),
    }
}

/// Several things that contradict each other, and how many more there are.
pub fn contradictions(told: &[String], more: usize) -> String {
    let tail = if more > 0 { format!(" (và {more} chỗ nữa)") } else { String::new() };
    format!("danh mục sẽ mâu thuẫn: {}{tail}", told.join("; "))
}
