#!/usr/bin/perl
# vitrine doctor: each finding is caused for real, reported with what to do,
# and no longer reported once that is done.

use strict;
use warnings;
use File::Path ();
use IO::Socket::INET;
use JSON::PP ();
use T::App;
use T::Nginx;
use T::Proc;
use T::Site;
use Test::More;

my $account = T::Proc::account();
my $root = defined $account;

if (!T::Nginx->available) {
    die "nginx is needed\n" if $ENV{VITRINE_TEST_ALL};
    plan(skip_all => 'nginx is needed');
}
my ($faketime) = glob '/usr/lib/*/faketime/libfaketime.so.1';
die "faketime is needed\n" if !$faketime && $ENV{VITRINE_TEST_ALL};

# Files of a few bytes are large here, so that no disk seems too small.
my $app = T::App->new(errors => qr/prog=vitrine-worker .*jobs? /,
    conf => { 'upload.max_size' => '1K', 'worker.tries' => 1 });
my $nginx = T::Nginx->new($app);
my ($client, $ann) = $app->signed_in('ann');
my ($db, $storage, $dir) = ($app->db, $app->storage, $app->dir);
my $vault = "user-media/users/$ann->{id}";
my $url = 'http://' . $nginx->address;
my %conf = (%{ $app->{conf} }, 'site.base_url' => $url,
    'web.sockets' => $app->socket . ' ' . $app->long_socket,
    'web.account' => $account // getpwuid $>);
my $gif = "GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D"
    . "\1\0;";

sub sql { return $db->run_sql($db->name, $_[0]) }
sub configure {
    $app->{conf} = { %conf, @_ };
    $app->write_config;
}
sub put {
    my ($path, $text) = @_;
    open my $fh, '>', "$storage/$path" or die "$path: $!";
    print $fh $text // 'x';
    close $fh;
    T::Proc::own("$storage/$path");
    return $path;
}

# Runs it: the status, and the findings by "kind subject".
my %how;
sub doctor {
    my (@words) = @_;
    my ($status, $out, $err) = T::Proc->run(%how, command => [
        @{ $how{by} // [] }, $app->program('vitrine'), '--config', $app->config, 'doctor',
        '--json', @words ]);
    my $found = eval { JSON::PP->new->utf8->decode($out) }
        // die "doctor: $status $out$err";
    return ($status, map { ("$_->{kind} $_->{subject}" =~ s/ $//r => $_) }
        @$found);
}

# It finds exactly these, each with a text and what to do.
sub finds {
    my ($name, $want, @kinds) = @_;
    my ($status, %found) = doctor(@{ $how{words} // [] });

    is($status, $want, "$name: the status");
    is(join("\n", sort keys %found), join("\n", sort @kinds),
        "$name: the findings") or diag(explain(\%found));
    is(join(' ', grep { length $found{$_}{text} < 10
        || length $found{$_}{advice} < 10 } keys %found), '',
        "$name: with words and advice");
    return %found;
}
sub well { finds(shift, 0) }
sub fixes {
    my ($name, @kinds) = @_;
    local $how{words} = ['--fix'];
    my %found = finds("$name, --fix", 0, @kinds);
    is(join(' ', grep { !defined $found{$_}{fixed} } keys %found), '',
        "$name: all is fixed");
}
sub by_root { return (as_is => 1) }
sub seen { return $db->value('SELECT COUNT(*) FROM workers WHERE seen_at >'
    . ' NOW(3) - INTERVAL 1 MINUTE') }
sub worker {
    $app->start_worker;
    T::Proc->until_true(20, \&seen) or die 'no worker';
}

# ---- nothing
configure();
T::Proc->until_true(20, \&seen) or die 'no worker';
well('a site that is well');
is(($app->admin('doctor'))[1], "OK: no problems found\n", 'in words');

# ---- workers
$app->end('worker_proc');
my %found = finds('no worker', 2, 'worker-stopped');
is($found{'worker-stopped'}{severity}, 'error', 'is an error');
like($found{'worker-stopped'}{advice}, qr/systemctl start vitrine-worker/,
    'with the command');
is($found{'worker-stopped'}{fixed}, undef, 'not fixed');
like(($app->admin('doctor'))[1], qr/\AERROR: 1 error\n\nerror: worker-stopped\n/,
    'in words: the summary first');
worker();
my $killed = delete $app->{worker_proc};
$killed->signal('KILL');
$killed->wait_end(10);
sql('UPDATE workers SET seen_at = NOW(3) - INTERVAL 3 HOUR');
my $host = $db->value('SELECT host FROM workers');
%found = finds('a killed worker', 2, "worker-stopped $host");
like($found{"worker-stopped $host"}{text}, qr/3 hours ago/, 'when it was seen');
worker();
sql("INSERT INTO workers (id, host, pid, version, seen_at) VALUES ('a', 'old',"
    . " 7, '0.0.1', NOW(3)), ('b', 'gone', 8, '0.0.1', NOW(3) - INTERVAL 1"
    . " HOUR)");
finds('workers elsewhere', 1, 'worker-lost gone', 'worker-release old');
sql("DELETE FROM workers WHERE host IN ('old', 'gone')");
sql('DELETE FROM workers WHERE seen_at < NOW(3) - INTERVAL 1 HOUR');

# ---- jobs and mail
my $old = 'NOW(3) - INTERVAL 2 DAY';
$app->end('worker_proc');
sql("INSERT INTO jobs (kind, ref_id, due_at, created_at, last_error) VALUES"
    . " ('enrich', 999999, NOW(3) + INTERVAL 1 DAY, $old, 'refused'),"
    . " ('thumbnail', 5, NOW(3), $old, NULL)");
sql("INSERT INTO outbox (uuid, user_id, kind, recipient, subject, message,"
    . " state, created_at) VALUES ('a', NULL, 'links', 'a\@b.example', '', '',"
    . " 'queued', $old), ('b', NULL, 'links', 'c\@d.example', '', '', 'failed',"
    . " $old)");
%found = finds('old jobs and mails', 2, 'worker-stopped', 'job-failed enrich',
    'job-late thumbnail', 'mail-stuck queued', 'mail-failed failed');
like($found{'job-failed enrich'}{text}, qr/refused/, 'with the reason');
like($found{'mail-stuck queued'}{text}, qr/no mail server/, 'and why it waits');
$app->admin_ok('mail', 'drop', $_->[0]) for $db->rows('SELECT id FROM outbox');
sql("DELETE FROM jobs WHERE kind = 'thumbnail'");
{
    local $how{words} = ['--fix'];
    %found = finds('jobs', 2, 'worker-stopped', 'job-failed enrich');
    ok($found{'job-failed enrich'}{fixed}, 'they are run again');
}
worker();
ok(T::Proc->until_true(20, sub { !$db->value('SELECT COUNT(*) FROM jobs WHERE'
    . ' ref_id = 999999') }), 'and are');

# ---- callers' addresses
my @users = map { $app->user("user$_")->{id} } 1 .. 3;
sql('INSERT INTO sessions (user_id, token_hash, address, agent, expires_at)'
    . " SELECT u.id, UNHEX(SHA2(CONCAT(u.id, '-', s.seq), 256)), '10.0.0.5', '',"
    . ' NOW(3) + INTERVAL 1 DAY FROM users u, seq_1_to_40 s');
finds('one address', 1, 'one-address 10.0.0.5');
sql("UPDATE sessions SET address = '10.0.0.6' ORDER BY id DESC LIMIT 1");

# ---- the web server and the pool
my $other = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1')
    or die "$!";
sub answers_with {
    my ($text) = @_;
    my $pid = fork // die;
    return $pid if $pid;
    $SIG{TERM} = 'DEFAULT';
    while (my $c = $other->accept) {
        1 while defined($_ = <$c>) && /\S/;
        print $c "HTTP/1.1 $text";
        close $c;
    }
    POSIX::_exit(0);
}
my $there = 'http://127.0.0.1:' . $other->sockport;
configure('site.base_url' => $there);
for my $case (
    [ 'the default site', "200 OK\r\n\r\n<title>Welcome to nginx!</title>",
        'site-other', qr/200, "Welcome to nginx!"/ ],
    [ 'a redirect', "301 Moved\r\nLocation: https://x.example/\r\n\r\n",
        'site-redirect', qr{https://x\.example/} ],
    [ 'no pool behind it', "502 Bad Gateway\r\n\r\n<h1>", 'site-no-pool',
        qr/502/ ]) {
    my ($name, $answer, $kind, $words) = @$case;
    my $pid = answers_with($answer);
    my %found = finds($name, $kind eq 'site-redirect' ? 1 : 2,
        "$kind $there");
    like($found{"$kind $there"}{text}, $words, "$name: in words");
    kill 'TERM', $pid;
    waitpid $pid, 0;
}
close $other;
finds('nobody there', 2, "site-unreachable $there");
my $named = $url =~ s/127\.0\.0\.1/name.invalid/r;
configure('site.base_url' => $named);
finds('a name that leads elsewhere', 0, "site-loopback $named");
configure();
my $secrets = T::Site::slurp("$dir/secrets");
unlink "$dir/secrets" or die;
finds('no secrets', 2, "secrets $dir/secrets");
$app->admin_ok('init');
finds('a pool with other secrets', 2, "site-other-pool $url");
open my $fh, '>', "$dir/secrets" or die;
print $fh $secrets;
close $fh;
chmod 0640, "$dir/secrets" or die;
fixes('secrets that a group may read', "secrets $dir/secrets");
is((stat "$dir/secrets")[2] & 07777, 0600, 'they are closed');

put('general/picture.gif', $gif);
configure('web.account' => 'nosuchaccount');
finds('an account that is not there', 0, 'web-account nosuchaccount');
configure('web.account' => 'nobody');
finds('one that has no access', 2, 'web-access general',
    'web-access user-media/users', map { "socket-access $_" } $app->socket,
    $app->long_socket);
configure();
chmod 0, "$storage/general/picture.gif" or die;
finds('a picture that it cannot read', 2, 'unreadable general/picture.gif',
    'site-general general/picture.gif');
doctor('--fix');
well('once the mode is corrected');
unlink "$storage/general/picture.gif";

$app->end('pool_proc');
my @sockets = grep { -e } $app->socket, $app->long_socket;
finds('no pool', 2, "site-no-pool $url", map { -e $_ ? "socket-closed $_"
    : "socket-missing $_" } $app->socket, $app->long_socket);
$app->start_pool;

# ---- the storage's folders
rmdir "$storage/views" or die;
chmod 0755, "$storage/general" or die;
symlink '/etc/passwd', "$storage/trash/link" or die;
put('user-media/users/readme.txt');
mkdir "$storage/user-media/users/999" or die;
mkdir "$storage/$vault/Elsewhere" or die;
put('notes.txt');
T::Proc::own("$storage/$_") for 'user-media/users/999', "$vault/Elsewhere";
put("$vault/photo.jpg");
my @by_hand = ('foreign trash/link', 'foreign notes.txt', 'foreign user-media/users/readme.txt',
    'no-account user-media/users/999', "beside $vault/Elsewhere",
    "beside $vault/photo.jpg");
finds('what is beside', 1, 'folder-missing views', 'folder-mode general',
    @by_hand);
{
    local $how{words} = ['--fix'];
    %found = finds('--fix', 1, 'folder-missing views', 'folder-mode general',
        @by_hand);
    is(join(' ', sort grep { $found{$_}{fixed} } keys %found),
        'folder-missing views folder-mode general', 'safe fixes are applied');
}
finds('the rest is left', 1, @by_hand);
ok(-l "$storage/trash/link" && -e "$storage/$vault/photo.jpg",
    'nothing unknown is removed');
unlink map { "$storage/$_" } 'trash/link', 'notes.txt', 'user-media/users/readme.txt',
    "$vault/photo.jpg";
rmdir "$storage/$_" for 'user-media/users/999', "$vault/Elsewhere";

symlink 'x', "$storage/hidden/$_" for 1 .. 130;
my ($status, %many) = doctor();
is(scalar(keys %many), 101, 'of a kind, a hundred are shown');
like($many{foreign}{text}, qr/^And 30 more$/, 'and how many there are');
unlink glob "$storage/hidden/*";

# ---- the vault's files
$app->drop($ann, 'Uploads', $_, content => $gif)
    for 'a.gif', 'b.gif', 'c.gif', 'd.gif';
$app->files($client);
ok($app->enriched($client), 'files are read');
unlink "$storage/$vault/Uploads/a.gif" or die;
open $fh, '>>', "$storage/$vault/Uploads/b.gif" or die;
print $fh 'more';
close $fh;
chmod 0, "$storage/$vault/Uploads/c.gif" or die;
symlink 'd.gif', "$storage/$vault/Uploads/e.gif" or die;
finds('a vault', 2, "missing $vault/Uploads/a.gif",
    "changed $vault/Uploads/b.gif", "unreadable $vault/Uploads/c.gif",
    "passed-over $vault/Uploads/e.gif");
{
    local $how{words} = ['--fix'];
    %found = finds('a vault, --fix', 1, "missing $vault/Uploads/a.gif",
        "changed $vault/Uploads/b.gif", "unreadable $vault/Uploads/c.gif",
        "passed-over $vault/Uploads/e.gif");
    is(join(' ', sort grep { $found{$_}{fixed} } keys %found),
        "changed $vault/Uploads/b.gif unreadable $vault/Uploads/c.gif",
        'safe fixes are applied');
}
unlink "$storage/$vault/Uploads/e.gif" or die;
$app->drop($ann, 'Uploads', 'a.gif', content => $gif);
$app->admin_ok('sync', 'ann');
ok($app->enriched($client), 'and they are read again');
is($db->value("SELECT size FROM media WHERE original_name = 'b.gif'"),
    length($gif) + 4, 'as they are now');

# A helper that is broken fails them all; that is not their fault.
rename $app->program('vitrine-image'), "$dir/bin/aside" or die;
File::Copy::cp('/bin/false', $app->program('vitrine-image')) or die;
$app->drop($ann, 'Uploads', 'f.gif', content => $gif);
$app->files($client);
ok($app->enriched($client), 'the worker gives up');
rename "$dir/bin/aside", $app->program('vitrine-image') or die;
finds('a broken helper', 1, "read-failed $vault/Uploads/f.gif");
fixes('a broken helper', "read-failed $vault/Uploads/f.gif");
ok($app->enriched($client), 'it is tried again');
is($db->value("SELECT enrichment FROM media WHERE original_name = 'f.gif'"),
    'completed', 'and read');

# ---- orphans
my $week = time - 7 * 86400;
my $orphan = put('tmp/left');
utime $week, $week, "$storage/$orphan" or die;
finds('an orphan', 1, "orphan $orphan");
fixes('an orphan', "orphan $orphan");
ok(!-e "$storage/$orphan", 'it is removed');

# ---- the schema
my @files = sort glob "$dir/sql/*.sql";
my $next = sprintf '%s/sql/%04d_create_later.sql', $dir, @files + 1;
open $fh, '>', $next or die;
print $fh "CREATE TABLE later (id INT) ENGINE=InnoDB;\n";
close $fh;
T::Proc::own($next);
finds('a migration', 2, 'migrations-pending', 'not-checked');
$app->admin_ok('migrate');
well('once it is applied');
rename $next, "$dir/later" or die;
finds('a database of a newer release', 2, 'schema-newer', 'not-checked');
rename "$dir/later", $next or die;

# ---- clocks
SKIP: {
    skip 'faketime is needed', 5 if !$faketime;
    # A sanitizer's library wants to be the first that is loaded.
    local $how{by} = [ 'env', "LD_PRELOAD=$faketime", 'FAKETIME=-3h',
        'NO_FAKE_STAT=1', 'ASAN_OPTIONS=verify_asan_link_order=0' ];
    %found = finds('a clock that is wrong', 1, 'clock-database',
        'clock-storage');
    like($found{'clock-database'}{text}, qr/^The database's clock is [23] hours ahead of/, 'of one');
    like($found{'clock-storage'}{text}, qr/dated [23] hours ahead of/, 'and the other');
}

# ---- no database, no storage
configure('database.socket' => '/nowhere/db.sock');
symlink 'x', "$storage/trash/link" or die;
%found = finds('no database', 2, 'database', 'not-checked',
    'foreign trash/link');
like($found{'not-checked'}{text}, qr/workers.*media/, 'the skipped checks');
unlink "$storage/trash/link";
configure();
rename "$storage/tmp", "$storage/aside" or die;
($status, %found) = doctor();
is($status, 2, 'a storage without its folders');
ok($found{"storage $storage"}, 'is reported') or diag(explain(\%found));
$app->admin_ok('init');
rmdir "$storage/aside" or die;

# ---- an account without permission
chmod 0, $app->config or die;
is((doctor())[0], 3, 'a configuration that cannot be read: unknown');
chmod 0600, $app->config or die;

# ---- as root
SKIP: {
    skip 'not run by root', 1 if !$root;
    %how = by_root();
    well('root looks as the account');
    my $left = put('trash/left');
    put("$vault/Uploads/theirs.gif", $gif);
    put("$vault/Uploads/new.gif", $gif);
    chown 0, 0, "$storage/$left", "$storage/$vault/Uploads/a.gif",
        "$storage/$vault/Uploads/new.gif", "$storage/views", "$dir/secrets"
        or die;
    chmod 0600, "$storage/$vault/Uploads/a.gif",
        "$storage/$vault/Uploads/new.gif" or die;
    chmod 0700, "$storage/views" or die;
    chown 0, 0, "$storage/$vault/Captions" or die;
    my @theirs = ("owner $left", 'owner views', "secrets $dir/secrets",
        "unreadable $vault/Uploads/a.gif", "vault-folder $vault/Captions",
        "unreadable $vault/Uploads/new.gif");
    my ($status, %found) = doctor();
    is($status, 2, 'files of root');
    is(join(' ', grep { !$found{$_} } @theirs), '', 'are found');
    (undef, %found) = doctor('--fix');
    is(join(' ', grep { !$found{$_}{fixed} } @theirs),
        "unreadable $vault/Uploads/new.gif",
        'and given to the account, but for an unknown one');
    is((stat "$storage/$vault/Uploads/a.gif")[4], 0, 'a file keeps its owner');
    is((stat "$storage/$left")[4], (getpwnam $account)[2],
        "the site's files have a new owner");
    chmod 0644, "$storage/$vault/Uploads/new.gif" or die;
    unlink "$storage/$left" or die;
    my %notes = finds('then', 0, "other-owner $vault/Uploads");

    my $full = "$dir/full";
    mkdir $full or die;
    if (system('mount', '-t', 'tmpfs', '-o', 'size=1m,nr_inodes=30', 'tmpfs',
        $full) == 0) {
        configure('upload.max_size' => '2G');
        $how{env} = { TMPDIR => $full };
        open my $fh, '>', "$full/fill" or die;
        print $fh 'x' x 1_030_000;
        close $fh;
        (undef, %found) = doctor();
        ok($found{"disk-full $full"}, 'a disk that is full');
        truncate "$full/fill", 980_000;
        (undef, %found) = doctor();
        ok($found{"disk-low $full"}, 'one that is nearly full');
        truncate "$full/fill", 0;
        open $fh, '>', "$full/$_" or last for 1 .. 40;
        (undef, %found) = doctor();
        like($found{"disk-full $full"}{text}, qr/inodes/, 'one without inodes');
        unlink glob "$full/*";
        (undef, %found) = doctor();
        is(join(' ', grep { /\Q$full\E/ } keys %found), '', 'and then not');
        system('umount', $full) == 0 or die;
        configure();
    }
    %how = ();
}

# ---- on a terminal
my ($drawn) = (T::Proc->run(command => [ 'script', '-qec', join(' ',
    $app->program('vitrine'), '--config', $app->config, 'doctor'),
    '/dev/null' ]))[1];
like($drawn, qr/\rChecking: |\r\e\[KChecking: /,
    'on a terminal it shows where it is');

$app->finish;
$nginx->stop;
done_testing;
