//! The tree holds together, and what the contract writes is understood.

use clap::{CommandFactory, FromArgMatches};
use sync::model::petition::{Channel, Kind};

use super::*;

fn parse(line: &str) -> Result<Cli, String> {
    let words = std::iter::once("langnghe").chain(line.split(' '));
    let matches = in_vietnamese(Cli::command()).try_get_matches_from(words);
    matches.and_then(|m| Cli::from_arg_matches(&m)).map_err(|e| usage_line(&e))
}

#[test]
fn the_tree_holds_together() {
    in_vietnamese(Cli::command()).debug_assert();
}

#[test]
fn every_command_of_the_contract_is_understood() {
    let id = "KT-7K3M-Q2VA";
    let lines = [
        "enroll http://127.0.0.1:8080 CODE",
        "sync",
        "status --json",
        "session log --kind dialogue --unit 30904 --title T --chair cb-30904 --present 40 --at 2026-11-23T08:30",
        "session list",
        "session show 0199a000-0000-7000-8000-000000000000",
        "session minutes 0199a000-0000-7000-8000-000000000000 --append -",
        "session minutes 0199a000-0000-7000-8000-000000000000 --replace OLD --with NEW",
        "session minutes 0199a000-0000-7000-8000-000000000000 --replace OLD --with=",
        "session conclude 0199a000-0000-7000-8000-000000000000 --text T",
        "session same-as 0199a000-0000-7000-8000-000000000000 --of 0199a000-0000-7000-8000-000000000001",
        "petition log --text - --unit 30904 --session S --channel visit --hamlet H --category land --kind proposal \
         --urgent --collective 12 --answered A --at 2026-11-23",
        "petition list --status referred --unit U --body B --category C --overdue --contested --search Q --limit 5 --offset 5",
        "petition show ID --automerge FILE",
        "petition receive ID --at 2026-11-23",
        "petition classify ID --kind feedback --category land",
        "petition refer ID --to A --with B C --due 2026-12-01 --note N --paper 12/PC",
        "petition refer ID --to A --with B --with C",
        "petition accept ID --on-behalf-of B --paper 1",
        "petition return ID --reason R",
        "petition transfer ID --to B --reason R",
        "petition extend ID --until 2026-12-31 --reason R --paper 3",
        "petition pause ID --reason R",
        "petition resume ID",
        "petition chase ID --text T",
        "petition resolve ID --outcome settled --text T --paper 3",
        "petition answer ID --by in-person --text T",
        "petition rate ID --satisfied no --text T",
        "petition close ID",
        "petition reopen ID --reason R",
        "petition duplicate ID --of OTHER",
        "petition not-duplicate ID --of OTHER",
        "petition guide ID --text T",
        "petition file ID --reason R",
        "petition withdraw ID --reason R",
        "petition comment ID --text T",
        "petition correct ID --field text --to V --why T",
        "petition split ID --text T",
        "petition log --text - --unit 30904 --kind denunciation --sealed --name N --phone P --address A",
        "petition summary ID --text T",
        "petition list --sealed",
        "sealed recover",
        "sealed keys",
        "petition data ID --out FILE.html",
        "petition data ID ID --out FILE --format json --readings AUDIT.json --readings OTHER.json",
        "refused list",
        "refused retry 3",
        "refused discard 3 --yes",
        "import FILE.csv --mapping MAP.toml --dry-run --create-missing",
        "export petitions --out FILE.xlsx --status referred",
        "export petitions --out FILE.csv --identity --unit U",
        "directory apply FILE.toml",
        "bundle request FILE",
        "bundle carry FILE",
        "bundle apply FILE",
        "directory show",
        "device list",
        "device approve 0199a000-0000-7000-8000-000000000000",
        "device revoke 0199a000-0000-7000-8000-000000000000",
        "report monthly --month 2026-11 --as-of 2026-12-01 --by unit --format csv",
        "--home DIR --as POST --json petition list",
    ];
    for line in lines {
        let line = line.replace("ID", id);
        let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(parse(&words).is_ok(), "{words}: {:?}", parse(&words).err());
    }
}

#[test]
fn words_are_read_as_the_model_has_them() {
    let cli =
        parse("petition log --text x --unit 1 --kind denunciation --channel hotline --as tn").expect("understood");
    let Command::Petition(PetitionCommand::Log(args)) = cli.command else { panic!("another command") };
    assert_eq!((args.kind, args.channel), (Kind::Denunciation, Some(Channel::Hotline)));
    assert_eq!(cli.post.as_deref(), Some("tn"));
}

#[test]
fn what_is_not_there_yet_is_not_understood() {
    for line in ["note list ID", "case list", "closing list"] {
        assert!(parse(line).is_err(), "{line}");
    }
}

#[test]
fn usage_errors_are_one_vietnamese_line() {
    let said = |line: &str| parse(line).expect_err("an error");
    assert_eq!(said("petition log --unit 1"), "thiếu --text <T>; xem cách dùng bằng --help");
    assert_eq!(
        said("petition recieve"),
        "không có lệnh “recieve”; có phải là “receive” không; xem cách dùng bằng --help"
    );
    assert!(said("petition list --limit x").contains("không phải số"));
    assert!(said("petition list --status open").contains("không có giá trị “open”; dùng một trong: logged, "));
    assert!(said("petition rate ID --satisfied maybe").contains("yes, no"));
    assert!(said("petition accept ID --on-behalf-of B").contains("--paper"));
    assert!(said("refused discard 3").contains("--yes"));
    assert_eq!(said("session minutes ID"), "thiếu --append <TEXT>; xem cách dùng bằng --help");
    assert!(said("session minutes ID --replace OLD").contains("thiếu --with <NEW>"));
    assert!(said("session minutes ID --with NEW").contains("thiếu --replace <OLD>"));
    assert!(said("session minutes ID --append T --replace OLD --with NEW").contains("không đi cùng"));
    assert!(said("report monthly --month 2026-13").contains("không phải tháng"));
    assert!(said("report monthly --month 2026-11 --by week").contains("unit, body, category, channel, kind"));
    assert!(said("petition data --out FILE").contains("thiếu <ID>"));
    assert!(said("petition data ID").contains("thiếu --out"));
    assert!(said("petition data ID --out FILE --format pdf").contains("html, json"));
    for line in ["petition log --unit 1", "petition recieve", "status --nope"] {
        assert!(!said(line).contains('\n'));
    }
}
