//! A day in the life, through the real programs and real HTTP: two officers at one session without a network, twelve
//! petitions, and everybody they meet on the way to the month's report.

#[path = "day_in_the_life/month.rs"]
mod month;
mod support;

use support::{Days, Json, Replica, Server, TWO_COMMUNES, list, number, text};

/// Who pushes the session's petitions first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum First {
    Lan,
    Hung,
}

/// Everybody with a device. Lan: officer of the commune. Hùng: head of one hamlet. Thu and Minh: Front staff. Kinh and
/// Văn: at the two bodies that have devices. Đăng: the leader.
struct People {
    lan: Replica,
    hung: Replica,
    thu: Replica,
    minh: Replica,
    kinh: Replica,
    van: Replica,
    dang: Replica,
}

impl People {
    fn enroll(server: &Server) -> Self {
        Self {
            lan: server.enroll("lan"),
            hung: server.enroll("hung"),
            thu: server.enroll("thu"),
            minh: server.enroll("minh"),
            kinh: server.enroll("kinh"),
            van: server.enroll("van"),
            dang: server.enroll("dang"),
        }
    }

    fn all(&self) -> [&Replica; 7] {
        [&self.lan, &self.hung, &self.thu, &self.minh, &self.kinh, &self.van, &self.dang]
    }

    /// Everybody pushes, then everybody has what the others pushed.
    fn sync(&self) {
        for _ in 0..2 {
            self.all().into_iter().for_each(|r| drop(r.sync()));
        }
    }
}

/// What each petition says. Long and unlike each other, so that a database can be searched for them.
const WORDS: [&str; 12] = [
    "Trạm y tế ấp thiếu thuốc huyết áp cho người cao tuổi từ đầu tháng",
    "Đoạn lộ trước cổng chùa sụt lở, xe học sinh không qua được khi mưa",
    "Cầu gỗ bắc qua kênh Bảy mục nát, chưa rõ đơn vị nào sửa chữa",
    "Hồ sơ tách thửa nộp đã sáu tháng chưa được trả lời",
    "Đèn đường tuyến chợ tắt nhiều đêm liền, dễ xảy ra tai nạn",
    "Thăm hộ cận nghèo: nhà dột, mong được hỗ trợ sửa mái tôn",
    "Xin chỉ chỗ nộp giấy đề nghị đo lại ranh đất vườn",
    "Cống thoát nước đầu ấp bị nghẹt, nước tràn vào sân nhà dân",
    "Cũng việc cống đầu ấp nghẹt nước, một người nói hai lần",
    "Lời than phiền chung, không nêu rõ sự việc và địa điểm",
    "Đề nghị dời trụ điện trước nhà, sau đó người dân xin rút lại",
    "Kiến nghị mở thêm chuyến đò sớm cho công nhân qua sông",
];

#[test]
fn a_day_in_the_life_when_lan_syncs_first() {
    a_day(First::Lan);
}

#[test]
fn a_day_in_the_life_when_hung_syncs_first() {
    a_day(First::Hung);
}

fn a_day(first: First) {
    let mut server = Server::start(TWO_COMMUNES);
    let days = Days::before_today();
    let people = People::enroll(&server);

    let session = open_a_session(&people, days);
    let ids = hear_twelve_petitions(&people, days, &session);
    meet_at_the_server(&people, first, &session, &ids);
    triage(&people, days, &ids);
    one_body_returns(&people, days, &ids);
    two_staff_refer_one_petition_apart(&people, days, &ids);
    resolve_answer_reopen(&people, days, &ids);

    hold_what_lies_with_them(&people, &ids);
    stand_where_they_should(&people, &ids);
    month::count(&server, &people, days, &ids);

    // Every cache can be made again from the accepted changes, and is then what it was.
    server.assert_well();
    server.stop();
    let rebuilt = server.run(&["rebuild"]);
    assert_eq!(rebuilt["same"], true, "{rebuilt}");
    // Twelve petitions, one session, one directory.
    assert_eq!(number(&rebuilt, "records"), 14);
}

/// Day 0, morning, in the office: Lan opens the session, and Hùng gets it while there still is a network.
fn open_a_session(people: &People, days: Days) -> String {
    let at = days.at(0, "08:00");
    let opened = people.lan.run(&[
        "session",
        "log",
        "--kind",
        "dialogue",
        "--unit",
        "30904-vt",
        "--title",
        "Đối thoại ấp Vĩnh Thới",
        "--chair",
        "cb-30904",
        "--present",
        "37",
        "--at",
        &at,
    ]);
    let session = text(&opened, "id").to_owned();
    people.lan.sync();
    people.hung.sync();
    assert_eq!(number(&people.hung.run(&["session", "show", &session]), "present"), 37);
    session
}

/// Day 0, in the hamlet, no network: both write the minutes and log petitions. In each comment: hamlet, and what becomes
/// of the petition.
fn hear_twelve_petitions(people: &People, days: Days, session: &str) -> Vec<String> {
    let (lan, hung) = (&people.lan, &people.hung);
    lan.run(&["session", "minutes", session, "--append", "Ông Tư nêu việc trạm y tế; cán bộ trả lời ngay."]);
    hung.run(&["session", "minutes", session, "--append", "Bà con tổ 3 nêu việc cống nghẹt; ghi nhận để chuyển."]);
    lan.run(&["session", "minutes", session, "--append", "Kết thúc lúc 11 giờ."]);
    let log = |who: &Replica, n: usize, args: &[&str]| {
        let at = days.at(0, &format!("{:02}:{:02}", 8 + n / 4, 10 + n));
        who.log(WORDS[n - 1], &[args, &["--at", &at]].concat())
    };
    let raised = ["--unit", "30904", "--session", session];
    let in_hamlet = |hamlet: &'static str| [&raised[..], &["--hamlet", hamlet]].concat();
    let (vt, vp) = (in_hamlet("30904-vt"), in_hamlet("30904-vp"));
    let on_the_spot =
        [&vt[..], &["--category", "health", "--answered", "Thuốc đã về sáng nay, mời bà con đến nhận"]].concat();
    let ids = vec![
        log(lan, 1, &on_the_spot), //  1 vt  resolved and answered on the spot
        log(lan, 2, &[&vt[..], &["--category", "roads"]].concat()), //  2 vt  vh returns it, kt resolves, Lan answers
        log(lan, 3, &[&vp[..], &["--category", "roads"]].concat()), //  3 vp  contested between kt and vh, decided for vh
        log(lan, 4, &[&vp[..], &["--category", "land"]].concat()),  //  4 vp  vpdk resolves by letter, typed by Thu
        log(lan, 5, &[&raised[..], &["--category", "roads"]].concat()), // 5 –  kt resolves, Lan answers, Thu reopens
        // Heard on a visit on the way home, not at the session.
        log(lan, 6, &["--unit", "30904", "--channel", "visit"]), //  6 –   nothing yet
        log(hung, 7, &[&vt[..], &["--category", "land"]].concat()), //  7 vt  guided
        log(hung, 8, &[&vt[..], &["--category", "roads", "--urgent"]].concat()), // 8 vt  kt accepts; due day 2, so overdue
        log(hung, 9, &[&vt[..], &["--category", "roads"]].concat()),             //  9 vt  duplicate of 8
        log(hung, 10, &vt),                                                      // 10 vt  filed
        log(hung, 11, &vt),                                                      // 11 vt  withdrawn, told to Hùng
        log(hung, 12, &vt),                                                      // 12 vt  classified as a proposal
    ];
    // All of it waits on the devices. On the spot: finished already, before any server has seen it.
    assert_eq!(lan.status_of(&ids[0]), "answered");
    assert_eq!(hung.status_of(&ids[7]), "logged");
    // Lan: 2 × minutes, 6 petitions (on the spot is one change); Hùng: 1 × minutes, 6 petitions.
    assert_eq!(number(&lan.run(&["status"]), "pending"), 8);
    assert_eq!(number(&hung.run(&["status"]), "pending"), 7);
    ids
}

/// Evening: the network is back; whoever comes first.
fn meet_at_the_server(people: &People, first: First, session: &str, ids: &[String]) {
    let (lan, hung) = (&people.lan, &people.hung);
    let order = if first == First::Lan { [lan, hung, lan] } else { [hung, lan, hung] };
    order.into_iter().for_each(|r| drop(r.sync()));
    people.sync();
    let of_lan = lan.run(&["session", "show", session]);
    let minutes = text(&of_lan, "minutes").to_owned();
    for paragraph in ["Ông Tư nêu việc trạm y tế", "Bà con tổ 3 nêu việc cống nghẹt", "Kết thúc lúc 11 giờ."]
    {
        assert_eq!(minutes.matches(paragraph).count(), 1, "{minutes}");
    }
    for other in [hung, &people.thu, &people.minh, &people.dang] {
        assert_eq!(text(&other.run(&["session", "show", session]), "minutes"), minutes);
    }
    // The session's eleven; on Lan's device and on the office's all of them, on Hùng's those of his hamlet: 1, 2, 7–12.
    assert_eq!(raised(&of_lan), 11);
    assert_eq!(raised(&people.thu.run(&["session", "show", session])), 11);
    assert_eq!(raised(&hung.run(&["session", "show", session])), 8);
    assert_eq!(lan.petitions().len(), 12);
    assert_eq!(held(hung, ids), [1, 2, 7, 8, 9, 10, 11, 12]);
    assert_eq!(held(&people.thu, ids).len(), 12);
    assert_eq!(held(&people.dang, ids).len(), 12);
    // Nobody has referred anything: the bodies hold nothing, and their devices have no session.
    for body in [&people.kinh, &people.van] {
        assert_eq!(body.petitions().len(), 0);
        assert_eq!(list(&body.run(&["session", "list"])).len(), 0);
        body.refused(&["session", "show", session]);
    }
}

/// Day 1: Front staff receive, classify, refer.
fn triage(people: &People, days: Days, ids: &[String]) {
    let (thu, minh) = (&people.thu, &people.minh);
    let morning = days.at(1, "08:00");
    // 1 is finished; 6 waits for a visit; 11 is being taken back.
    for n in [2, 3, 4, 5, 7, 8, 9, 10, 12] {
        thu.petition("receive", &ids[n - 1], &["--at", &morning]);
    }
    let at = days.at(1, "09:00");
    let classify = |n: usize, args: &[&str]| thu.petition("classify", &ids[n - 1], &[args, &["--at", &at]].concat());
    classify(12, &["--kind", "proposal", "--category", "roads"]);
    classify(7, &["--kind", "feedback", "--category", "land"]);
    thu.sync();
    minh.sync();
    let at = days.at(1, "10:00");
    thu.petition("refer", &ids[1], &["--to", "vh", "--note", "Đề nghị xem xét", "--at", &at]);
    thu.petition("refer", &ids[3], &["--to", "vpdk", "--paper", "15/PC-MTTQ", "--at", &at]);
    minh.petition("refer", &ids[4], &["--to", "kt", "--at", &at]);
    let due = days.date(2).to_string();
    minh.petition("refer", &ids[7], &["--to", "kt", "--due", &due, "--at", &at]);
    people.sync();
    assert_eq!(held(&people.kinh, ids), [5, 8]);
    assert_eq!(held(&people.van, ids), [2]);
    // A handler does what a handler may, and no more.
    people.kinh.refused(&["petition", "refer", &ids[4], "--to", "vh"]);
    assert_eq!(text(&people.thu.show(&ids[1]), "status"), "referred");
}

/// Day 2: one body returns as not its competence; staff refer again.
fn one_body_returns(people: &People, days: Days, ids: &[String]) {
    let (thu, van, kinh) = (&people.thu, &people.van, &people.kinh);
    van.petition("return", &ids[1], &["--reason", "Đường do Phòng Kinh tế quản lý", "--at", &days.at(2, "08:00")]);
    assert_eq!(van.status_of(&ids[1]), "returned");
    people.sync();
    // It has left the body that returned it.
    assert_eq!(held(van, ids), [] as [usize; 0]);
    assert_eq!(thu.status_of(&ids[1]), "returned");
    thu.petition("refer", &ids[1], &["--to", "kt", "--at", &days.at(2, "09:00")]);
    people.sync();
    assert_eq!(held(kinh, ids), [2, 5, 8]);
    assert_eq!(held(van, ids), [] as [usize; 0]);
    kinh.petition("accept", &ids[7], &["--at", &days.at(2, "09:30")]);
    kinh.petition(
        "resolve",
        &ids[4],
        &["--outcome", "settled", "--text", "Đã thay bóng đèn", "--at", &days.at(2, "09:40")],
    );
    people.sync();
    people.lan.petition("answer", &ids[4], &["--by", "in-person", "--at", &days.at(2, "09:50")]);
    people.sync();
}

/// Day 2: Thu and Minh refer 3 to different bodies while apart. Both bodies hold it, everybody sees the contest; then Thu,
/// who has seen both referrals, decides.
fn two_staff_refer_one_petition_apart(people: &People, days: Days, ids: &[String]) {
    let id = &ids[2];
    let (thu, minh) = (&people.thu, &people.minh);
    thu.petition("refer", id, &["--to", "kt", "--at", &days.at(2, "10:00")]);
    minh.petition("refer", id, &["--to", "vh", "--at", &days.at(2, "10:05")]);
    assert_eq!(thu.show(id)["contested"], false, "Thu cannot know yet");
    people.sync();
    for replica in [&people.lan, thu, minh, &people.kinh, &people.van, &people.dang] {
        let seen = replica.show(id);
        assert_eq!(seen["contested"], true, "{seen}");
        assert_eq!(text(&seen, "status"), "referred");
        let mut bodies: Vec<&str> = list(&seen["bodies"]).iter().filter_map(Json::as_str).collect();
        bodies.sort_unstable();
        assert_eq!(bodies, ["kt", "vh"]);
        assert_eq!(replica.run(&["petition", "list", "--contested"])[0]["id"], id.as_str());
    }
    assert_eq!(held(&people.kinh, ids), [2, 3, 5, 8]);
    assert_eq!(held(&people.van, ids), [3]);
    // Until somebody decides, a body may accept or return, and nothing else.
    people.kinh.refused(&["petition", "resolve", id, "--outcome", "settled", "--text", "đã sửa"]);
    thu.petition("refer", id, &["--to", "vh", "--at", &days.at(2, "11:00")]);
    people.sync();
    for replica in [&people.lan, thu, minh, &people.van, &people.dang] {
        let seen = replica.show(id);
        assert_eq!((seen["contested"].as_bool(), text(&seen, "body")), (Some(false), "vh"), "{seen}");
        // Thu's first referral, Minh's, and the one that decided: all of them stay in the history.
        assert_eq!(list(&seen["events"]).iter().filter(|e| e["kind"] == "refer").count(), 3, "{seen}");
    }
    assert_eq!(held(&people.kinh, ids), [2, 5, 8]);
    assert_eq!(held(&people.van, ids), [3]);
}

/// Day 3: results come in; one person is told; one matter is taken up again.
fn resolve_answer_reopen(people: &People, days: Days, ids: &[String]) {
    let (thu, lan, hung, kinh) = (&people.thu, &people.lan, &people.hung, &people.kinh);
    kinh.petition("accept", &ids[1], &["--at", &days.at(3, "08:00")]);
    kinh.petition(
        "resolve",
        &ids[1],
        &["--outcome", "settled", "--text", "Đã dặm vá đoạn lộ", "--at", &days.at(3, "09:00")],
    );
    // An external body has no device: Front staff type what its letter says, never without the body and the paper.
    let letter = ["--outcome", "explained", "--text", "Hồ sơ thiếu bản vẽ, đã hướng dẫn bổ sung"];
    let line = thu.refused(&[&["petition", "resolve", &ids[3]][..], &letter].concat());
    assert!(line.contains("--on-behalf-of"), "{line}");
    let of_the_body = ["--on-behalf-of", "vpdk", "--paper", "212/CNVP", "--at", &days.at(3, "09:30")];
    thu.petition("resolve", &ids[3], &[&letter[..], &of_the_body].concat());
    let at = days.at(3, "10:00");
    thu.petition("guide", &ids[6], &["--text", "Nộp tại Trung tâm Phục vụ hành chính công", "--at", &at]);
    thu.petition("duplicate", &ids[8], &["--of", &ids[7], "--at", &at]);
    thu.petition("file", &ids[9], &["--reason", "Không có nội dung cụ thể", "--at", &at]);
    thu.petition("reopen", &ids[4], &["--reason", "Đèn lại tắt đêm qua", "--at", &at]);
    hung.petition("withdraw", &ids[10], &["--reason", "Người dân xin rút", "--at", &at]);
    people.sync();
    lan.petition("answer", &ids[1], &["--by", "phone", "--text", "Đã báo kết quả", "--at", &days.at(3, "11:00")]);
    lan.petition("rate", &ids[1], &["--satisfied", "yes", "--at", &days.at(3, "11:05")]);
    people.sync();
    let typed = thu.show(&ids[3]);
    let resolved = list(&typed["events"]).iter().find(|e| e["kind"] == "resolve").expect("a resolution");
    assert_eq!((text(resolved, "on_behalf_of"), text(resolved, "by")), ("vpdk", "tn-30904"));
    assert_eq!(resolved["effect"], "applied");
}

/// Bodies' replicas hold what lies with them and nothing else, down to the bytes on their disks.
fn hold_what_lies_with_them(people: &People, ids: &[String]) {
    for (replica, holds) in [(&people.kinh, &[2, 5, 8][..]), (&people.van, &[3])] {
        assert_eq!(held(replica, ids), holds);
        for n in 1..=12 {
            assert_eq!(replica.has_bytes(WORDS[n - 1]), holds.contains(&n), "petition {n}");
        }
        let other = (1..=12).find(|n| !holds.contains(n)).expect("some other");
        replica.refused(&["petition", "show", &ids[other - 1]]);
    }
    // A hamlet's head does not hold the commune: 3, 4 (another hamlet), 5, 6 (no hamlet) are not his.
    assert_eq!(held(&people.hung, ids), [1, 2, 7, 8, 9, 10, 11, 12]);
    for n in [3, 4, 5, 6] {
        assert!(!people.hung.has_bytes(WORDS[n - 1]), "petition {n}");
    }
}

/// Where each of the twelve stands, the same on every replica that holds it.
fn stand_where_they_should(people: &People, ids: &[String]) {
    let wanted = [
        ("answered", false),   // 1
        ("answered", false),   // 2
        ("referred", false),   // 3
        ("resolved", false),   // 4: resolved is not answered
        ("referred", true),    // 5: taken up again where it was
        ("logged", false),     // 6
        ("guided", false),     // 7
        ("accepted", false),   // 8
        ("duplicate", false),  // 9
        ("filed", false),      // 10
        ("withdrawn", false),  // 11
        ("classified", false), // 12
    ];
    let office = people.thu.petitions();
    for replica in people.all() {
        for petition in replica.petitions() {
            let n = ids.iter().position(|id| id == text(&petition, "id")).expect("one of the twelve");
            let stands = (text(&petition, "status"), petition["reopened"] == true);
            assert_eq!(stands, wanted[n], "petition {}: {petition}", n + 1);
            assert_eq!(petition["pending"], false);
            // Whoever holds it sees the same.
            let in_office = office.iter().find(|p| p["id"] == petition["id"]).expect("the office holds all");
            assert_eq!(in_office, &petition);
        }
    }
    let overdue = people.thu.run(&["petition", "list", "--overdue"]);
    assert_eq!(list(&overdue).iter().map(|p| text(p, "id")).collect::<Vec<_>>(), [ids[7].as_str()]);
}

/// Which of the twelve a replica holds, by number.
fn held(replica: &Replica, ids: &[String]) -> Vec<usize> {
    let petitions = replica.petitions();
    let number = |p: &Json| 1 + ids.iter().position(|id| id == text(p, "id")).expect("one of the twelve");
    let mut held: Vec<usize> = petitions.iter().map(number).collect();
    held.sort_unstable();
    held
}

/// How many petitions a session shows.
fn raised(session: &Json) -> usize {
    list(&session["petitions"]).len()
}
