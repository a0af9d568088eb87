#!/usr/bin/perl
# The cache of a pool for links and vaults: it saves queries, is
# never outdated after a change by the pool itself, and only briefly after
# other changes. t/unit/db_statements.c checks which statements say that they
# change what is visible.

use strict;
use warnings;
use JSON::PP ();
use POSIX ();
use T::App;
use T::Pictures;
use Test::More;

T::Pictures->need;
my ($yes, $no) = (JSON::PP::true, JSON::PP::false);
my $app = T::App->new(worker => 0, workers => 4);
my ($ann) = $app->signed_in('ann');
my $guest = $app->client;
my %media = map { $_ => $ann->uploaded("$_.jpg", 'IMG_1054.JPG') }
    qw(sea hill);

sub value { $app->db->value($_[0]) }
sub sql { $app->db->run_sql($app->db->name, $_[0]) }
sub hex_of { "UNHEX('" . ($_[0]{id} =~ tr/-//dr) . "')" }
sub number {
    return (split ' ', $app->db->value("SELECT VARIABLE_VALUE FROM"
        . " information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME ="
        . " 'COM_SELECT'"))[0];
}

# A link of seed 002 over some media; it has been opened, which is written.
sub made {
    my ($names, %o) = @_;
    my @of = @$names == 1 ? (target_type => 'media',
        target_id => $media{ $names->[0] }{uuid}) : (target_type => 'set',
        target_ids => [ map { $media{$_}{uuid} } @$names ]);
    my $r = $ann->post('/api/v1/shares', json => { @of,
        recipient_type => 'public_link',
        permissions => { can_download => $yes }, %o });
    die $r->body if $r->status != 200;
    my $s = $r->json;
    opened($s);
    T::Proc->until_true(10, sub { value(
        'SELECT uses FROM shares WHERE uuid = ' . hex_of($s)) })
        or die 'an opening is not written';
    return $s;
}
sub opened { $guest->get("/api/v1/shared/$_[0]{public_token}") }
sub taken { $guest->get("/api/v2/shareable_links/$_[0]{public_token}") }
sub statuses { join ' ', map { $_[0]->($_[1])->status } 1 .. 12 }
sub all { join ' ', ($_[0]) x 12 }

# ---- it is cached
my $kept = made(['sea']);
is(statuses(\&taken, $kept), all(302), 'a link opens');
my $before = number();
is(statuses(\&taken, $kept), all(302), 'again and again') for 1 .. 5;
cmp_ok(number() - $before, '<', 20, 'without asking the database each time');
ok(T::Proc->until_true(10, sub { value(
    'SELECT uses FROM shares WHERE uuid = ' . hex_of($kept)) == 73 }),
    'and each opening is counted');
is(value('SELECT COUNT(*) FROM share_activity a JOIN shares s ON'
    . ' s.id = a.share_id WHERE a.action = "accessed" AND s.uuid = '
    . hex_of($kept)), 73, 'with a line');

# ---- a change by the pool is known to all of its processes at once
my %change = (
    'taken back' => [ [404] => sub {
        $ann->delete("/api/v1/shares/$_[0]{id}")->status == 204 } ],
    'not to be kept' => [ [404], sub { patch($_[0],
        permissions => { can_view => $yes, can_download => $no }) } ],
    'with a password' => [ [ 401, 404 ] => sub { patch($_[0],
        password => 'a long one, for once') } ],
);
sub patch {
    my ($s, %o) = @_;
    return $ann->patch("/api/v1/shares/$s->{id}", json => \%o)->status == 200;
}
for my $what (sort keys %change) {
    my ($want, $do) = @{ $change{$what} };
    my $wrong = 0;
    for (1 .. 5) {
        my $s = made(['sea']);
        $wrong++ if statuses(\&taken, $s) ne all(302);
        $do->($s) or die $what;
        my $got = statuses(\&taken, $s);
        $wrong++ if !grep { $got eq all($_) } @$want;
    }
    is($wrong, 0, "$what: at once");
}

my $set = made([qw(sea hill)]);
is(statuses(\&opened, $set), all(200), 'a set');
$ann->put("/share/$set->{id}", json => { sharedContents => [
    $media{hill}{uuid} ] })->status == 200 or die;
is(join(' ', map { scalar @{ opened($set)->json->{items} } } 1 .. 12),
    all(1), 'has other media');
$ann->patch("/api/user/media/$media{hill}{id}", json => {
    title => "H\x{f6}he" })->status == 200 or die;
is(join(' ', map { opened($set)->json->{items}[-1]{name} eq "H\x{f6}he" }
    1 .. 12), all(1), 'with another title');

# It is revoked while others open it: nobody gets in afterwards.
for my $round (1 .. 5) {
    my $s = made(['sea']);
    pipe my $ended, my $end or die;
    pipe my $results, my $told or die;
    pipe my $begun, my $begin or die;
    my @pids = map {
        my $pid = fork // die;
        if ($pid == 0) {
            my ($before, $late) = (0, 0);
            $ended->blocking(0);
            for (1 .. 100_000) {
                my $gone = sysread $ended, my $byte, 1;
                my $got = taken($s)->status;
                $before++ if $got == 302;
                syswrite $begin, 'x' if $before == 2 && $got == 302;
                $late++ if $gone && $got == 302;
                last if $gone;
            }
            syswrite $told, "$before $late\n";
            POSIX::_exit(0);
        }
        $pid;
    } 1 .. 6;
    # Each of them has it open.
    close $begin;
    sysread $begun, my $byte, 1 for @pids;
    die if $ann->delete("/api/v1/shares/$s->{id}")->status != 204;
    syswrite $end, 'x' x 6;
    waitpid $_, 0 for @pids;
    close $told;
    my ($n, $late) = (0, 0);
    while (<$results>) {
        my @v = split;
        $n += $v[0];
        $late += $v[1];
    }
    cmp_ok($n, '>', 6, "round $round: they had it open");
    is($late, 0, "round $round: nobody gets in after it was revoked");
}

# ---- changes by others are known soon
my $mine = made(['sea']);
is(statuses(\&taken, $mine), all(302), 'open');
$app->admin_ok('user', 'disable', 'ann');
ok(T::Proc->until_true(10, sub { taken($mine)->status == 404 }),
    'the account is disabled by the command');
is(statuses(\&taken, $mine), all(404), 'for all processes');
$app->admin_ok('user', 'enable', 'ann');
is(taken($mine)->status, 302, 'and enabled: nothing bad is kept');
$ann = $app->client;
$ann->always('X-API-KEY', $app->key('ann'));
my $raise = 'INSERT INTO account_versions (slot, version) SELECT'
    . " id MOD 1024, 1 FROM users WHERE username = 'ann'"
    . ' ON DUPLICATE KEY UPDATE version = account_versions.version + 1';
is(statuses(\&taken, $mine), all(302), 'open again');
sql('START TRANSACTION; UPDATE shares SET revoked_at = NOW(3) WHERE uuid = '
    . hex_of($mine) . "; $raise; COMMIT");
ok(T::Proc->until_true(10, sub { taken($mine)->status == 404 }),
    'revoked by another host');
is(statuses(\&taken, $mine), all(404), 'for all');

# ---- ends by time and limit change no version
my $short = made(['sea']);
sql('UPDATE shares SET expires_at = NOW(3) + INTERVAL 2 SECOND WHERE uuid = '
    . hex_of($short));
sql($raise);
ok(T::Proc->until_true(10, sub { taken($short)->status == 404 }),
    'its time comes');
is(value('SELECT expires_at <= NOW(3) FROM shares WHERE uuid = '
    . hex_of($short)), 1, 'when it is said to');
is(statuses(\&taken, $short), all(404), 'for all');
my $limited = made(['sea'], max_uses => 5);
is(join(' ', map { taken($limited)->status } 1 .. 6),
    '302 302 302 302 404 404', 'a limit');
like($ann->get("/api/v1/shared/$limited->{public_token}")->body,
    qr/reached its limit/, 'whose owner sees the reason');
patch($limited, max_uses => 6) or die;
is(join(' ', map { taken($limited)->status } 1 .. 3), '302 404 404',
    'is raised');

# ---- the counts of a vault
sub counts { $ann->get('/api/user/media?limit=1')->json->{categories} }
is(counts()->{upload}, 2, 'two');
is(counts()->{upload}, 2, 'which are cached');
my $new = $ann->uploaded('new.jpg', 'IMG_1054.JPG');
is(counts()->{upload}, 3, 'one more');
$ann->delete("/api/user/media/$new->{id}");
is(counts()->{upload}, 2, 'one less');
sql("START TRANSACTION; UPDATE media SET state = 'trashed' WHERE"
    . " id = $media{hill}{id}; $raise; COMMIT");
is(counts()->{upload}, 1, 'another host: at once');

sub asked {
    my ($range) = @_;
    my $before = number();
    $ann->get("/api/user/media?limit=1&dateRange=$range") for 1 .. 10;
    return number() - $before;
}
asked($_) for qw(all week);
cmp_ok(asked('week'), '<', asked('all') + 8, 'those of a week are kept too');

# ---- without
$app->stop;
$app->start_pool('--memo', '0');
my $plain = made(['sea']);
is(statuses(\&taken, $plain), all(302), 'nothing is kept');
$before = number();
is(statuses(\&taken, $plain), all(302), 'every time');
cmp_ok(number() - $before, '>=', 12, 'the database is asked');
die if $ann->delete("/api/v1/shares/$plain->{id}")->status != 204;
is(taken($plain)->status, 404, 'and knows');

$app->finish;
done_testing;
