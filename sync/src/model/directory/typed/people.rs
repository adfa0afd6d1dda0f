//! People: posts and what they may do, users, and who holds which post.

use serde::{Deserialize, Serialize};

use super::reader::Reader;
use super::validity::Validity;
use crate::id::{BodyId, OfficeId, PostId, UnitId, UserId};
use crate::model::directory::problem::Wants;
use crate::model::petition::named;

named!(
    /// What a post may do; see the rights table.
    Role {
        /// *Cán bộ xã, ấp.*
        Officer = "officer",
        /// *Cán bộ Mặt trận.*
        FrontStaff = "front_staff",
        /// *Cán bộ cơ quan có thẩm quyền.*
        Handler = "handler",
        /// *Lãnh đạo (Ban Thường vụ).*
        Leader = "leader",
        /// *Quản trị danh mục.*
        DirectoryAdmin = "directory_admin",
        /// *Người được xem danh tính.*
        IdentityReader = "identity_reader",
        /// *Người xử lý đơn giữ kín.*
        SealedHandler = "sealed_handler",
        /// *Người nhập sổ cũ.*
        Importer = "importer",
    }
);

/// An office in an organisation, held by people.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Post {
    pub id: PostId,
    pub code: String,
    pub name: String,
    pub role: Role,
    pub unit: Option<UnitId>,
    pub office: Option<OfficeId>,
    pub body: Option<BodyId>,
    pub valid: Validity,
}

impl Post {
    /// Reads one; none without a role.
    pub(super) fn read(r: &mut Reader<'_>, valid: Validity) -> Option<Self> {
        let roles = Wants::OneOf(Role::WORDS);
        let Some(role) = r.word("role", roles, Role::parse) else {
            r.complain("role", roles);
            return None;
        };
        let (code, name) = r.code_name();
        Some(Post {
            id: r.id.into(),
            code,
            name,
            role,
            unit: r.text("unit").map(UnitId),
            office: r.text("office").map(OfficeId),
            body: r.text("body").map(BodyId),
            valid,
        })
    }
}

/// A person's account.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct User {
    pub id: UserId,
    pub code: String,
    pub name: String,
    pub posts: Vec<PostId>,
    pub valid: Validity,
}

impl User {
    /// Reads one.
    pub(super) fn read(r: &Reader<'_>, valid: Validity) -> Self {
        let (code, name) = r.code_name();
        let posts = r.list("posts").into_iter().map(PostId).collect();
        User { id: r.id.into(), code, name, posts, valid }
    }
}

/// Who holds which post from when to when.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Holding {
    pub user: UserId,
    pub post: PostId,
    pub valid: Validity,
}

impl Holding {
    /// Reads one; none without both a user and a post.
    pub(super) fn read(r: &mut Reader<'_>, valid: Validity) -> Option<Self> {
        let (Some(user), Some(post)) = (r.text("user"), r.text("post")) else {
            r.complain("user, post", Wants::Something);
            return None;
        };
        Some(Holding { user: user.into(), post: post.into(), valid })
    }
}
