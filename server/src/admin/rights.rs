//! The rights table as people read it.

use sync::model::directory::Role;
use sync::scope::{Rule, table};

/// Lines of `role  what  condition`; of one role, or of all. What a role may not do at all is left out.
pub fn rights_table(role: Option<Role>) -> Vec<(String, String, &'static str)> {
    let cells = table().into_iter().filter(|(r, _, rule)| role.is_none_or(|role| role == *r) && *rule != Rule::No);
    cells.map(|(role, subject, rule)| (role.to_string(), subject.to_string(), rule.explain())).collect()
}
