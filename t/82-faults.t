#!/usr/bin/perl
# Faults in the middle of work: a full disk, a read-only storage,
# a database that pauses, processes killed at the worst moment, and an image
# helper that hangs, crashes or lies. Nothing is half done, and everything works
# again by itself.

use strict;
use warnings;
use IO::Handle;
use JSON::PP ();
use POSIX ();
use T::App;
use T::Fcgi;
use T::Pictures;
use T::Proc;
use T::Site;
use Test::More;
use Time::HiRes qw(sleep);

# Its server is stopped for a while, so it must not be shared.
delete $ENV{VITRINE_TEST_MARIADB};
T::Pictures->need;
my $app = T::App->new(worker => 0, long_workers => 3,
    conf => { 'image.timeout' => '30s', 'worker.pause' => '1s' },
    errors => qr/status=500|signal=9|died|killed|vitrine-image/);
my ($client, $ann) = $app->signed_in('ann');
my $key = $app->key('ann');
my $db = $app->db;
my $storage = $app->storage;
my $photo = T::Pictures->content('IMG_1054.JPG');
my %yes = (shareToCommunity => JSON::PP::true, consent => JSON::PP::true,
    tags => ['nature']);
my $helper = $app->program('vitrine-image');
my $real = "$helper.real";
my $run = $app->dir . '/run';
mkdir $run or die;
T::Proc::own($run);

sub sql { return $db->run_sql($db->name, $_[0]) }
sub files_in { return scalar(my @files = $app->objects($_[0])) }
sub count { return $db->value("SELECT COUNT(*) FROM $_[0]") }
sub upload {
    my ($name) = @_;
    return $client->post('/api/user/media', multipart => [ file => {
        filename => $name, body => $photo } ]);
}
sub share { return $client->post("/api/media/$_[0]/share", json => \%yes) }
sub pool_is_well {
    my ($name) = @_;
    ok(T::Proc->until_true(20, sub {
        my $r = eval { $app->client->get('/healthz') };
        $r && $r->status == 200;
    }), "$name: the pool is well");
}
sub age {
    my ($folder) = @_;
    my $then = time - 2 * 86400;
    utime $then, $then, map { "$storage/$folder/$_" } $app->objects($folder);
}

# A call in a process of its own, which is ended by killed().
sub in_background {
    my ($call) = @_;
    my $pid = fork // die;
    if ($pid == 0) {
        my $r = eval { $call->($app->client->always('X-API-KEY', $key)) };
        POSIX::_exit($r ? $r->status / 100 : 0);
    }
    return $pid;
}

# Replaces the helper by another program; undef restores the real one.
sub helper {
    my ($script) = @_;
    rename $helper, $real if !-e $real;
    unlink $helper;
    if (!defined $script) {
        rename $real, $helper or die "$helper: $!";
        return;
    }
    open my $fh, '>', $helper or die "$helper: $!";
    print $fh $script;
    close $fh;
    chmod 0755, $helper;
}
# Reports its pid and its parent's, and waits for permission to continue.
my $waiting = "#!/bin/sh\necho \$\$ \$PPID >>$run/at\n"
    . "while [ ! -e $run/go ]; do sleep 0.05; done\nexec $real\n";
sub someone_waits {
    my ($name) = @_;
    my @words;
    ok(T::Proc->until_true(30, sub {
        @words = split ' ', T::Site::slurp("$run/at");
    }), "$name: the helper is at work");
    return @words[0, 1];
}
sub let_go {
    open my $fh, '>', "$run/go" or die;
}
sub wait_anew { unlink "$run/at", "$run/go" }

# A session that holds a table as it is: others may read it and wait to write.
sub hold {
    my ($table) = @_;
    unlink "$run/held";
    open my $lock, '|-', 'mariadb --no-defaults --batch --unbuffered'
        . " --skip-column-names --user=root --socket=" . $db->socket . ' '
        . $db->name . " >$run/held" or die;
    $lock->autoflush;
    print $lock "LOCK TABLES $table READ;\nSELECT 'held';\n";
    T::Proc->until_true(20, sub { T::Site::slurp("$run/held") =~ /held/ })
        or die "$table cannot be held";
    return $lock;
}

my $first = upload('first.jpg')->json->{files}[0]{id};
is(share($first)->status, 200, 'all is well');

# ---- a worker killed in the middle of a job
helper($waiting);
$app->start_worker;
my ($pid, $worker) = someone_waits('a worker is killed');
is($worker, $app->worker->pid, 'by that worker');
is($client->get("/api/user/media/$first")->json->{enrichmentStatus},
    'processing', 'its file is being processed');
my @stays = $db->rows('SELECT owner IS NOT NULL, due_at > NOW(3) + INTERVAL 1'
    . " MINUTE FROM jobs WHERE kind = 'enrich'");
is_deeply(\@stays, [ [ 1, 1 ] ], 'no other worker may take it for a while');
kill 'KILL', $worker;
$app->worker->wait_end(5);
delete $app->{worker_proc};
kill 'KILL', $pid;
helper(undef);
$app->start_worker;
my $beside = upload('beside.jpg')->json->{files}[0]{id};
ok(T::Proc->until_true(30, sub { $client->get("/api/user/media/$beside")
    ->json->{enrichmentStatus} eq 'completed' }), 'another job is done');
is($client->get("/api/user/media/$first")->json->{enrichmentStatus},
    'processing', 'nor does any before its lease expires');
sql("UPDATE jobs SET due_at = NOW(3) WHERE kind = 'enrich'");
ok($app->enriched($client), 'another does it afterwards');
is($client->get("/api/user/media/$first")->json->{enrichmentStatus},
    'completed', 'to its end');
is(count("jobs WHERE kind = 'enrich'"), 0, 'and the job is done');
$app->end('worker_proc');
wait_anew();

# ---- a process killed in the middle of an upload
my $whole = "--b\r\nContent-Disposition: form-data; name=\"file\";"
    . " filename=\"cut.jpg\"\r\n\r\n$photo\r\n--b--\r\n";
my $bytes = T::Fcgi::request_bytes(method => 'POST',
    target => '/api/user/media', body => $whole, headers => {
        'X-API-KEY' => $key,
        'Content-Type' => 'multipart/form-data; boundary=b' });
my @before = ($app->objects('user-media'), count('media'), count('jobs'));
my $half = T::Fcgi->new($app->long_socket);
$half->exchange(substr($bytes, 0, length($bytes) / 2), 0.3);
sub writer {
    my ($found) = grep {
        my $process = $_;
        grep { (readlink($_) // '') =~ m{^\Q$storage\E/(tmp|user-media)/.} }
            glob "/proc/$process/fd/*";
    } T::Proc->children($app->pool->pid);
    return $found;
}
ok(my $process = T::Proc->until_true(20, \&writer), 'half of it is there');
kill 'KILL', $process;
$half->closed(10);
pool_is_well('killed in an upload');
is_deeply([ $app->objects('user-media'), count('media'), count('jobs') ],
    \@before, 'killed in an upload: no file and no row');
is(files_in('tmp'), 1, 'killed in an upload: its half is'
    . ' left over');
is(upload('after.jpg')->status, 201, 'killed in an upload: the next is taken');
$app->admin_ok('purge');
is(files_in('tmp'), 1, 'an upload may still be running');
age('tmp');
$app->admin_ok('purge');
is(files_in('tmp'), 0, 'a day later it goes');

# Between the file and its row: an unknown file in the vault becomes a new media.
my $held = hold('media');
@before = $app->objects('user-media');
my $caller = in_background(sub { $_[0]->post('/api/user/media',
    multipart => [ file => { filename => 'placed.jpg', body => $photo } ]) });
ok(T::Proc->until_true(20, sub { files_in('user-media') > @before }),
    'killed behind the file: it has its name');
kill 'KILL', writer() // die 'nobody writes';
waitpid $caller, 0;
close $held;
pool_is_well('killed behind the file');
is(count("media WHERE original_name = 'placed.jpg'"), 0,
    'killed behind the file: there is no row');
my @placed = grep { $_->{originalName} eq 'placed.jpg' } $app->files($client);
is(scalar @placed, 1, 'killed behind the file: the next list finds it, once');
is($client->get($placed[0]{url} =~ s{^http://localhost}{}r)->body, $photo,
    'killed after the file: complete');
is(files_in('tmp'), 0, 'killed behind the file: and nothing'
    . ' besides');

# ---- a process killed in the middle of a share
my $second = upload('second.jpg')->json->{files}[0]{id};
my @general = $app->objects('general');
helper($waiting);
$caller = in_background(sub { $_[0]->post("/api/media/$second/share",
    json => \%yes) });
($pid, $process) = someone_waits('killed in a share');
is(count("community_media WHERE media_id = $second AND state = 'making'"), 1,
    'killed in a share: it holds the lock');
kill 'KILL', $process, $pid;
waitpid $caller, 0;
helper(undef);
wait_anew();
pool_is_well('killed in a share');
is_deeply([ $app->objects('general') ], \@general,
    'killed in a share: nothing is published');
is(count("community_media WHERE media_id = $second AND state = 'ready'"), 0,
    'killed in a share: no record says so');
is(scalar(grep { $_->{id} == $second && $_->{shareToCommunity} }
    $app->files($client)), 0, 'killed in a share: nor the list');
sql("UPDATE community_media SET until = NOW(3) WHERE media_id = $second");
is(share($second)->status, 200, 'killed in a share: shared later on');
is(files_in('general'), @general + 2,
    'killed in a share: one object and its thumbnail');
age('tmp');
$app->admin_ok('purge');

# Between the object and its record.
my $third = upload('third.jpg')->json->{files}[0]{id};
@general = $app->objects('general');
helper($waiting);
$caller = in_background(sub { $_[0]->post("/api/media/$third/share",
    json => \%yes) });
(undef, $process) = someone_waits('killed behind the object');
$held = hold('community_media');
let_go();
ok(T::Proc->until_true(30, sub { files_in('general') == @general + 2 }),
    'killed behind the object: it is there');
kill 'KILL', $process;
waitpid $caller, 0;
close $held;
helper(undef);
wait_anew();
pool_is_well('killed behind the object');
is(count("community_media WHERE media_id = $third AND state = 'ready'"), 0,
    'killed behind the object: no record');
is(count("shares WHERE code_media_id = $third"), 0,
    'killed behind the object: no code');
my %known = map { $_ => 1 } @general;
my @left = grep { !$known{$_} } $app->objects('general');
sql("UPDATE community_media SET until = NOW(3) WHERE media_id = $third");
is(share($third)->status, 200, 'killed behind the object: shared later on');
age('general');
age('tmp');
my ($status, $out) = $app->admin('doctor', '--json');
is_deeply([ sort map { $_->{subject} } grep { $_->{kind} eq 'orphan'
    && $_->{subject} =~ /^general/ } @{ JSON::PP->new->decode($out) } ],
    [ sort map { "general/$_" } @left ],
    'killed after the object: it is known to be left over');
$app->admin_ok('purge');
is(files_in('general'), @general + 2,
    'killed behind the object: and goes');
is(scalar(grep { !-e "$storage/general/$_->[0]" } $db->rows('SELECT'
    . ' object_name FROM community_media UNION SELECT thumb_name FROM'
    . ' community_media')), 0, 'no record is without its object');

# ---- a process killed in the middle of a take-down
my ($mod) = $app->signed_in('mod');
$app->admin_ok('user', 'role', 'mod', 'moderator');
my ($copy, $object) = @{ ($db->rows('SELECT id, object_name FROM'
    . " community_media WHERE media_id = $third"))[0] };
$held = hold('community_media');
$caller = fork // die;
if ($caller == 0) {
    eval { $mod->post("/api/community/media/$copy/takedown") };
    POSIX::_exit(0);
}
ok(T::Proc->until_true(20, sub { files_in('hidden') == 2 }),
    'killed in a take-down: its objects go first');
ok(!-e "$storage/general/$object", 'killed in a take-down: out of sight');
kill 'KILL', T::Proc->children($app->pool->pid);
waitpid $caller, 0;
close $held;
pool_is_well('killed in a take-down');
ok(!-e "$storage/general/$object", 'killed in a take-down: and stay so');
is($mod->post("/api/community/media/$copy/takedown")->status, 204,
    'killed in a take-down: repeating it works');
is(count("community_media WHERE id = $copy AND state = 'hidden'"), 1,
    'killed in a take-down: to its end');
is($mod->post("/api/community/media/$copy/restore")->status, 204,
    'killed in a take-down: and it can come back');
ok(-e "$storage/general/$object", 'killed in a take-down: complete');

# ---- killed while something is removed from the community
sql("UPDATE community_media SET state = 'making', owner = REPEAT('x', 16),"
    . " until = NOW(3) - INTERVAL 2 MINUTE WHERE id = $copy");
is(scalar(grep { $_->{id} == $copy } @{ $app->client->get(
    '/api/community/media')->json->{items} }), 0,
    'killed in a withdrawal: the feed has it no more');
$app->start_worker;
ok(T::Proc->until_true(30, sub { !count("community_media WHERE id = $copy") }),
    'killed in a withdrawal: the worker finishes it');
ok(!-e "$storage/general/$object", 'killed in a withdrawal: its object goes');
$app->end('worker_proc');
is(share($third)->status, 200, 'killed in a removal: shared again');

# ---- a database that does not answer for a while
$db->{server}{proc}->signal('STOP');
my @asked = map { my $target = $_; in_background(sub {
    $_[0]->get($target) }) } '/api/tags', '/api/user/media';
# Nothing shows that they wait; by now they would have been refused.
sleep 0.5;
is(waitpid($_, POSIX::WNOHANG), 0, 'a database that pauses is waited for')
    for @asked;
$db->{server}{proc}->signal('CONT');
is_deeply([ map { waitpid $_, 0; $? >> 8 } @asked ], [ 2, 2 ],
    'and answers then');

# ---- a helper that fails
$app->stop;
# Long enough for the real one on a busy machine.
$app->{conf}{'image.timeout'} = '4s';
$app->write_config;
$app->start_pool;
my $fourth = upload('fourth.jpg')->json->{files}[0]{id};
my @children = T::Proc->children($app->pool->pid);
my @was = ($app->objects('general'), count('community_media'),
    count('shares'), count('activity'));
# Does what the real one does, then changes its answer or its output.
my $liar = "#!$^X\nmy \$reply = `$real`;\n%s;\nprint \$reply;\n";
for my $case (
    [ 'hangs', "#!/bin/sh\nexec sleep 600\n", 503 ],
    [ 'hangs with a child', "#!/bin/sh\nsleep 20 & wait\n", 503 ],
    [ 'says something and hangs', "#!/bin/sh\necho x\nexec sleep 600\n", 503 ],
    [ 'says too much', "#!/bin/sh\nexec cat /dev/zero\n", '4..|5..' ],
    [ 'is killed by a signal', "#!/bin/sh\nkill -SEGV \$\$\n", '4..|5..' ],
    [ 'ends with an error', "#!/bin/sh\nexit 3\n", 500 ],
    [ 'says nothing', "#!/bin/sh\nexit 0\n", 500 ],
    [ 'says half of it', "#!/bin/sh\nprintf x\n", 500 ],
    [ 'answers zeros', sprintf($liar, '$reply = "\0" x length $reply'), 500 ],
    [ 'answers twice', sprintf($liar, '$reply .= $reply'), '4..|5..' ],
    [ 'returns an unknown failure', sprintf($liar,
        'substr($reply, 4, 4) = pack "L", 999'), 500 ],
    [ 'returns an unknown type', sprintf($liar,
        'substr($reply, 8, 4) = pack "L", 99'), 500 ],
    [ 'returns an absurd size', sprintf($liar,
        'substr($reply, 16, 8) = pack "LL", 1 << 31, 1 << 31'), 500 ],
    # 4 is where the picture goes.
    [ 'reports success without a result', sprintf($liar,
        'open my $out, "+<&=", 4; truncate $out, 0'), '4..|5..' ],
    [ 'is not a program', "no program\n", 500 ],
    [ 'is another program', "#!/nowhere/program\n", 500 ],
) {
    my ($name, $script, $want) = @$case;
    helper($script);
    my $r = share($fourth);
    like($r && $r->status, qr/^($want)$/, "a helper that $name")
        or diag($r && $r->body);
    ok($r && $r->json->{message}, "a helper that $name: with a message");
    like($r->header('Retry-After') // '', qr/^\d+$/,
        "a helper that $name: try later") if $want eq '503';
    is_deeply([ $app->objects('general'), count('community_media'),
        count('shares'), count('activity') ], \@was,
        "a helper that $name: nothing is published");
    is(files_in('tmp'), 0,
        "a helper that $name: nothing is left");
}
is_deeply([ T::Proc->children($app->pool->pid) ], \@children,
    'the pool has lost no process');
helper(undef);
is(share($fourth)->status, 200, 'the real one is back');

# ---- storage full, storage read-only
my $mounted = 0;
SKIP: {
    my $size = 32 << 20;
    $app->stop;
    my $aside = "$storage.aside";
    rename $storage, $aside or die "$storage: $!";
    mkdir $storage or die;
    my ($uid, $gid) = (getpwnam(T::Proc::account() // getpwuid $>))[2, 3];
    $mounted = $> == 0 && system('mount', '-t', 'tmpfs', '-o',
        "size=$size,mode=0750,uid=$uid,gid=$gid", 'tmpfs', $storage) == 0;
    if (!$mounted) {
        rmdir $storage;
        rename $aside, $storage or die;
        $app->start_pool;
        skip 'only root can mount a small file system', 1;
    }
    system('cp', '-a', "$aside/.", $storage) == 0 or die 'cp';
    $app->start_pool;
    my $filler = "$storage/filler";
    my $fill = sub {
        my ($leave) = @_;
        open my $fh, '>', $filler or die;
        my ($free) = `df --output=avail -B1 '$storage'` =~ /(\d+)\s*\z/;
        print $fh "\0" x ($free - $leave);
        close $fh or die;
    };
    my @rows = (count('media'), count('shares'), count('community_media'));
    my @there = map { $app->objects($_) } qw(user-media general);
    my $same = sub {
        my ($name) = @_;
        is_deeply([ count('media'), count('shares'),
            count('community_media') ], \@rows, "$name: no row");
        is_deeply([ map { $app->objects($_) } qw(user-media general) ],
            \@there, "$name: no file");
        is(files_in('tmp'), 0, "$name: nothing is left");
    };
    is($client->delete("/api/media/$fourth/share")->status, 204, 'unshared');
    @rows = (count('media'), count('shares'), count('community_media'));
    @there = map { $app->objects($_) } qw(user-media general);

    $fill->(length($photo) / 2);
    my $r = upload('full.jpg');
    is($r->status, 507, 'full: an upload') or diag($r->body);
    ok($r->json->{message}, 'full: with a message');
    $same->('full: an upload');
    $r = share($fourth);
    is($r->status, 507, 'full: a share') or diag($r->body);
    $same->('full: a share');
    is($client->get('/api/user/media')->status, 200, 'full: lists go on');
    my ($url) = map { $_->{url} =~ s{^http://localhost}{}r }
        grep { $_->{id} == $fourth } $app->files($client);
    is($client->get($url)->status, 200, 'full: files too');
    is($client->delete("/api/user/media/$second")->status, 204,
        'full: a delete');
    is($client->post("/api/user/media/$second/restore")->status, 200,
        'full: and back');
    unlink $filler;
    $r = upload('room.jpg');
    is($r->status, 201, 'room again: recovers by itself');
    my $room = $r->json->{files}[0]{id};
    is(share($fourth)->status, 200, 'room again: a share');

    @rows = (count('media'), count('shares'), count('community_media'));
    @there = map { $app->objects($_) } qw(user-media general);
    system('mount', '-o', 'remount,ro', $storage) == 0 or die 'remount';
    for my $case ([ 'an upload', sub { upload('ro.jpg') } ],
        [ 'a share', sub { share($room) } ],
        [ 'health', sub { $app->client->get('/healthz') } ]) {
        my ($name, $call) = @$case;
        $r = $call->();
        is($r->status, 503, "read-only: $name") or diag($r->body);
        like($r->header('Retry-After') // '', qr/^\d+$/,
            "read-only: $name: try later");
        $same->("read-only: $name");
    }
    is($client->get('/api/user/media')->status, 200, 'read-only: lists go on');
    is($client->get($url)->status, 200, 'read-only: files too');
    is($client->delete("/api/media/$fourth/share")->status, 503,
        'read-only: public media stay public, and the error says so');
    is($client->delete("/api/user/media/$third")->status, 204,
        'read-only: a delete');
    is($client->get("/api/user/media/$third")->status, 404,
        'read-only: counts at once');
    system('mount', '-o', 'remount,rw', $storage) == 0 or die 'remount';
    is(upload('rw.jpg')->status, 201, 'writable again: recovers by itself');
    is($client->delete("/api/media/$fourth/share")->status, 204,
        'writable again: unshared');
    sql("UPDATE media SET state_at = NOW(3) - INTERVAL 6 MINUTE WHERE id ="
        . " $third");
    $app->start_worker;
    ok(T::Proc->until_true(30, sub { $db->value('SELECT path_hash IS NULL'
        . " FROM media WHERE id = $third") }),
        'writable again: the worker finishes the delete');
    is(files_in('trash'), 1, 'writable again: in the trash');
}

pool_is_well('in the end');
$app->finish;
done_testing;

END {
    local $?;
    system('umount', '-l', $storage) if $mounted;
}
