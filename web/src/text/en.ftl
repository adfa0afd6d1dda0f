# English: every word on the screen.
skip = Skip to main content
opening = Opening…
core-ended = The app has stopped several times. What you wrote is still on this device. Reload the page.
language = Language
theme = Theme
theme-system = Same as device
theme-light = Light
theme-dark = Dark
save = Save
cancel = Cancel
done = Done
try-again = Try again
show = Show

tabs = Sections
tab-home = Log
tab-list = Petitions
tab-sessions = Sessions
tab-settings = This device

sign-in = Sign in
sign-in-title = Sign in on this device
sign-in-why = Your administrator gives you a code, for one use on one device. After that the app also works without a network.
sign-in-code = Sign-in code
sign-in-code-hint = 26 letters and numbers; capitals or not, with or without dashes
sign-in-busy = Signing in…
sign-in-wiped = This device’s access was withdrawn and the data here was deleted. Work not yet sent was handed to the server to keep. To use the app again, ask for a new code.
pin = PIN
pin-new = New PIN
pin-again = Enter the PIN again
pin-hint = At least 6 letters or numbers. The PIN locks the data on this device. If you forget it, you need a new sign-in code.
pin-differs = The two entries are not the same. Enter them again.
pin-choose = Set a PIN
pin-change = Change PIN
pin-remove = Remove PIN
pin-set = PIN set.
pin-removed = PIN removed: anyone who gets this device can read the data.
unlock = Unlock
unlock-title = This device is locked
lock = Lock this device

line-pending = { $n ->
    [one] 1 not sent
   *[other] { $n } not sent
}
line-refused = { $n ->
    [one] 1 could not be sent – fix it
   *[other] { $n } could not be sent – fix them
}
line-last = received by the server at { $at }
line-never = nothing sent or received yet
line-working = sending and receiving: { $pushed } up, { $pulled } down
line-offline = no network
sending = Send and receive
sending-received = received by the server
sending-pending = not sent
sending-refused = could not be sent – needs fixing
changes = { $n ->
    [one] 1 change
   *[other] { $n } changes
}
last-sync = Received by the server at
sync-now = Send and receive now
offline-words = No network: what you log is safe on this device and is sent by itself when there is a network.
refused-title = Could not be sent – needs fixing
refused-why = Why:
refused-retry = Send again
refused-discard = Discard this change
refused-discard-sure = Discard for good, with its words
work-refused = { $n ->
    [one] The server has not taken 1 change: see why, fix it and send it again
   *[other] The server has not taken { $n } changes: see why, fix them and send them again
}
my-work = My work
recent = Recent
recent-none = No petitions on this device yet. Petitions you log and petitions shared with you will appear here.

log = Log a petition
file = Log
put-right = Put it right
next-speaker = Next person
logged = Logged: { $code }
text = What did the person say?
text-sealed = What was said (sealed)
category = Subject
category-none = Not classified
unit = Place
unit-none = Choose a commune or hamlet
channel = Where it was heard
channel-dialogue = Dialogue
channel-reception = Reception day
channel-visit = Home visit
channel-voter-contact = Voter contact
channel-cell-meeting = Party cell meeting
channel-letter = Letter or written petition
channel-hotline = Hotline
person = Who spoke (optional)
person-name = Full name
person-phone = Phone
person-address = Address to bring the answer to
person-apart = Identity is kept apart from the petition. Only people with permission can see it, and each time it is seen is recorded.
consent-contact = Agrees to be contacted again
consent-share = Agrees that the body resolving this may know who they are
more = More: where the problem is, urgent, sealed
place = Where the problem is
urgent = Urgent
sealed = Sealed: only the people assigned can read it
sealed-hint = What was said and who said it are locked on this device at once. When the server has received them, this device keeps nothing.
answered = Answered on the spot
answered-usual = Explained and answered on the spot
answer-text = What was the answer?

open-session = Open a session
open-sessions = Open sessions
session = Session
session-kind = Kind of session
session-title = Session name (optional)
session-present = Number of people present
session-begin = Start logging
session-count = { $n ->
    [one] 1 petition
   *[other] { $n } petitions
}
session-people = { $n ->
    [one] 1 person present
   *[other] { $n } people present
}
session-ended = ended
session-end = End session
sessions-none = No sessions yet. Open one to log many people speaking one after another.
minutes = Minutes
minutes-hint = Saved as you type. If someone else writes in the same minutes, the words of both are kept.
conclusions = Conclusions
conclusion = Conclusion of the session

search = Search petitions, with or without accents
search-none = No petitions have these words.
show-all = All
show-overdue = Overdue
show-contested = Contested
show-sealed = Sealed
more-come = Loading more…
words-erased = The words were deleted on request.
words-sealed = Sealed petition: only the people assigned can read the words.
flag-sealed = sealed
flag-contested = contested
flag-overdue = overdue since { $day }
due = due { $day }
history = What has happened
history-none = Nothing since it was logged.
no-effect = No effect: { $why }
copy-zalo = Copy for Zalo
copy-failed = The browser does not allow copying; select the text and copy it yourself.
copied = Copied, without identity
answer-title = Answer to the person
answer-said = What was said (optional)
answered-person = Answered

fact-kind = Kind
fact-category = Subject
fact-unit = Place
fact-place = Where the problem is
fact-channel = Heard at
fact-bodies = Bodies
fact-due = Due
fact-logged = Logged at

kind-feedback = Feedback
kind-proposal = Proposal
kind-complaint = Complaint
kind-denunciation = Denunciation
kind-mixed = More than one kind

status-logged = Just logged
status-received = Received
status-classified = Classified
status-referred = Referred
status-accepted = In progress
status-returned = Returned
status-paused = Paused
status-resolved = Resolved
status-answered = Person answered
status-closed = Closed
status-guided = Guidance given
status-filed = Filed
status-duplicate = Duplicate
status-withdrawn = Withdrawn

event-receive = Received
event-classify = Classified
event-refer = Referred
event-accept = Accepted
event-return = Returned
event-transfer = Passed on
event-extend = Due date extended
event-pause = Paused
event-resume = Resumed
event-chase = Chased
event-resolve = Resolution
event-answer = Answer to the person
event-rate = Rated by the person
event-close = Closed
event-reopen = Reopened
event-duplicate = Marked as duplicate
event-not-duplicate = Not a duplicate
event-guide = Guidance given
event-file = Filed
event-withdraw = Withdrawn
event-comment = Comment
event-correct = Corrected
event-split = Petition split
event-unknown = A step from a newer version of the app

storage = Storage
storage-kept = The browser keeps the data long term ({ $mib } MiB).
storage-may-go = The browser may delete the data when the device runs out of space ({ $mib } MiB).
storage-install = If you install the app on the home screen, the browser keeps the data long term.
storage-ask = Ask browser to keep data
storage-little = This device is almost out of space: delete some photos or other files so that logging does not stop.
storage-not-kept = { $n ->
    [one] 1 change is not sent, and the browser has not promised to keep the data long term.
   *[other] { $n } changes are not sent, and the browser has not promised to keep the data long term.
}
storage-how = How to keep it
clock-off = This device’s clock is far from the server’s. Set the time on this device.
lease-expired = This device has not reached the server for a long time, so older records are hidden for now. You can still log new petitions.

update-there = There is a new version.
update-now = Update
update-later = Later

denied-title = Nothing can be saved on this device yet
denied-private = If you are in a private window: open the app in a normal window. A private window does not keep data.
denied-tab = If the app is open in another browser or window: close that window and try again.
denied-update = If the browser is old: update it, or use a recent Chrome, Edge, Firefox or Safari.
unsupported-title = This browser cannot be used yet
unsupported-what = The app needs to keep what you write on this device, even without a network. This browser lacks:
unsupported-do = Update the browser, or use a recent Chrome, Edge, Firefox or Safari (2023 or later), at an https address.
lacks-secure = a secure connection: the page must be opened with https
lacks-storage = private storage on the device
lacks-locks = locks between windows
lacks-wasm = WebAssembly
lacks-worker = background processes
