#!/usr/bin/perl
# Enrichment by the worker: properties of every kind of file, texts
# from .json files, XMP and IPTC, hashes; its states and their reasons; and the
# detector, by a server of the test's own in good and bad moods.

use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use Fcntl qw(:flock);
use File::Temp ();
use IO::Socket::INET;
use JSON::PP ();
use POSIX ();
use T::App;
use T::Pictures;
use T::Proc;
use T::Site;
use Test::More;
use Time::HiRes qw(sleep time);
use utf8;

binmode Test::More->builder->$_, ':utf8'
    for qw(output failure_output todo_output);
T::Pictures->need;

my $work = File::Temp->newdir;
my $hour_ago = time - 3600;

# A copy of a picture, changed by exiftool or convert.
sub made {
    my ($name, $from, @how) = @_;
    my $path = "$work/$name";
    my $convert = @how && $how[0] eq 'convert' && shift @how;

    if ($convert) {
        system('convert', T::Pictures->path($from), '-resize', '300',
            '-strip', $path) == 0 or die "convert: $?";
    } else {
        T::Site::slurp($from) eq '' and $from = T::Pictures->path($from);
        File::Copy::copy($from, $path) or die "$path: $!";
    }
    return $path if !@how;
    system('exiftool', '-q', '-q', '-overwrite_original', '-n',
        map { utf8::encode(my $s = $_); $s } @how, $path) == 0
        or die "exiftool @how: $?";
    return $path;
}

# A file's row in the database.
my @columns = qw(id uuid enrichment enrichment_error mime width height
    duration_ms taken_at caption subreddit character_name content_hash
    perceptual_hash enriched_at);
sub row {
    my ($app, $name) = @_;
    my %as = (uuid => 'HEX(uuid)', content_hash => 'LOWER(HEX(content_hash))');
    my ($row) = $app->db->rows('SELECT ' . join(', ',
        map { $as{$_} // $_ } @columns) . ' FROM media WHERE original_name'
        . " = '$name' AND state = 'live'");
    my %row;

    @row{@columns} = map { utf8::decode(my $s = $_) if defined; $_ } @$row;
    utf8::decode($row{$_}) for grep { defined $row{$_} }
        qw(caption subreddit character_name enrichment_error);
    return \%row;
}

sub until_row {
    my ($app, $client, $seconds, $name, $condition) = @_;
    return T::Proc->until_true($seconds, sub {
        $app->files($client);
        $condition->(row($app, $name)) });
}

sub thumbs {
    my ($app, $uuid) = @_;
    my $text = lc $uuid =~ s/^(.{8})(.{4})(.{4})(.{4})/$1-$2-$3-$4-/r;
    return grep { m{/\Q$text\E-} } $app->objects('thumbs');
}

# No pause between two tries.
sub hurry { $_[0]->db->value('UPDATE jobs SET due_at = NOW(3)'
    . " WHERE owner IS NULL AND kind = 'enrich'") }

my $json = JSON::PP->new->utf8;
my $photo = T::Pictures->content('IMG_1054.JPG');

my $app = T::App->new(conf => { 'worker.tries' => 2 });
my ($client, $ann) = $app->signed_in('ann');
my $uploads = $app->storage . "/user-media/users/$ann->{id}/Uploads";

# ---- copies that stand still half-way, .json files that come late
my $stalled = "$uploads/stalled.jpg";
$app->drop($ann, 'Uploads', 'stalled.jpg',
    content => substr $photo, 0, length($photo) / 2);
$app->drop($ann, 'Captions', 'late.jpg', content => $photo);
ok($app->enriched($client), 'a file that seems complete is read');
is(row($app, 'stalled.jpg')->{enrichment}, 'failed', 'half a picture');
is(row($app, 'late.jpg')->{enrichment}, 'completed', 'a picture by itself');
{
    open my $fh, '>>:raw', $stalled or die "$stalled: $!";
    print $fh substr $photo, length($photo) / 2;
    close $fh;
    $app->drop($ann, 'Captions', 'late.jpg.json',
        content => '{"caption":"late"}');
}
hurry($app);
ok(until_row($app, $client, 40, 'stalled.jpg', sub {
    $_[0]{enrichment} eq 'completed' }), 'a slow copy is looked at again');
is(row($app, 'stalled.jpg')->{content_hash}, sha256_hex($photo),
    'and is complete now');
ok(until_row($app, $client, 40, 'late.jpg', sub {
    ($_[0]{caption} // '') eq 'late' }), 'as is a late .json file');

# ---- facts
my $caption = 'Grüße <b> & 😀';
my @say = ("-XMP-dc:Description=$caption",
    '-EXIF:DateTimeOriginal=2023:01:02 03:04:05',
    '-EXIF:OffsetTimeOriginal=+02:00');
my $said = '2023-01-02 01:04:05.000';
my $moved = '-QuickTime:CreateDate=2024:03:08 10:30:34';
my $when = '2024-03-08 10:30:34.000';
my $live = T::Pictures->content('webm.webm');
$live =~ s/\x44\x89\x88(.{8})/\xec\x89\0$1/s or die 'no duration';
my @webm = T::Pictures->film('webm.webm');
my @mov = T::Pictures->film('mov.mov');
my %facts = (
    'said.jpg' => [ made('said.jpg', 'IMG_1054.JPG', 'convert', @say),
        'image/jpeg', 300, 225, 0, $said, $caption ],
    'said.png' => [ made('said.png', 'IMG_1054.JPG', 'convert', @say),
        'image/png', 300, 225, 0, $said, $caption ],
    'said.webp' => [ made('said.webp', 'IMG_1054.JPG', 'convert', @say),
        'image/webp', 300, 225, 0, $said, $caption ],
    'said.gif' => [ made('said.gif', 'IMG_1054.JPG', 'convert', $say[0]),
        'image/gif', 300, 225, 0, undef, $caption ],
    'iptc.jpg' => [ made('iptc.jpg', 'IMG_1054.JPG', 'convert',
        '-IPTC:Caption-Abstract=by the press',
        '-EXIF:CreateDate=2022:05:06 07:08:09'),
        'image/jpeg', 300, 225, 0, '2022-05-06 07:08:09.000',
        'by the press' ],
    'turned.jpg' => [ made('turned.jpg', 'IMG_1054.JPG', 'convert',
        '-Orientation=6'), 'image/jpeg', 225, 300, 0, undef, undef ],
    'turned.png' => [ made('turned.png', 'IMG_1054.JPG', 'convert',
        '-Orientation=8'), 'image/png', 225, 300, 0, undef, undef ],
    'turned.webp' => [ made('turned.webp', 'IMG_1054.JPG', 'convert',
        '-Orientation=5'), 'image/webp', 225, 300, 0, undef, undef ],
    'moving.gif' => [ made('moving.gif', 'newtonscradle.gif'),
        'image/gif', 200, 150, 0, undef, undef ],
    'film.mp4' => [ made('film.mp4', 'mp4.mp4', $moved, $say[0]),
        'video/mp4', T::Pictures->film('mp4.mp4'), $when, $caption ],
    'film.mov' => [ made('film.mov', 'mov.mov', $moved, $say[0]),
        'video/quicktime', @mov, $when, $caption ],
    'upright.mov' => [ made('upright.mov', 'mov.mov', '-Rotation=90'),
        'video/quicktime', @mov[1, 0, 2], undef, undef ],
    'film.webm' => [ made('film.webm', 'webm.webm'),
        'video/webm', @webm, undef, undef ],
    'live.webm' => [ undef, 'video/webm', @webm[0, 1], undef, undef, undef ],
    'no.jpg' => [ made('no.jpg', 'webm.webm'),
        'video/webm', @webm, undef, undef ],
);
for my $name (sort keys %facts) {
    my $from = $facts{$name}[0];
    $app->drop($ann, 'Captions', $name, mtime => $hour_ago,
        $from ? (from => $from) : (content => $live));
}
ok($app->enriched($client), 'the worker processes files of every kind');
for my $name (sort keys %facts) {
    my ($from, @expected) = @{ $facts{$name} };
    my $r = row($app, $name);
    my $image = $r->{mime} =~ /^image/;

    is($r->{enrichment}, 'completed', "$name is completed")
        or diag($r->{enrichment_error});
    if ($name eq 'live.webm') {
        cmp_ok(abs($r->{duration_ms} - $webm[2]), '<', 100,
            'a recording without a stated duration has one');
        $r->{duration_ms} = undef;
    }
    is_deeply([ @$r{qw(mime width height duration_ms taken_at caption)} ],
        \@expected, "$name has its facts");
    is($r->{content_hash}, sha256_hex($from ? T::Site::slurp($from) : $live),
        "$name has its hash");
    is(defined $r->{perceptual_hash} ? 1 : 0, $image ? 1 : 0,
        "$name: only pictures look like something");
    is(scalar(thumbs($app, $r->{uuid})), $image ? 1 : 0,
        "$name: and have a thumbnail");
}
sub distance {
    my ($one, $other) = map { row($app, $_)->{perceptual_hash} } @_;
    return $app->db->value("SELECT BIT_COUNT($one ^ $other)");
}
cmp_ok(distance('said.jpg', "said.$_"), '<=', 6, "the same as $_ looks alike")
    for qw(png webp gif);
cmp_ok(distance('said.jpg', 'moving.gif'), '>', 14, 'another does not');

# ---- .json files
my %beside = (
    'whole' => { caption => 'beside it', subreddit => 'pics',
        characterName => 'Ann' },
    'other' => { description => "two\r\nlines", model => 'Eve' },
    'some' => { subreddit => 'pics', unknown => [ { deep => 1 } ] },
    'none' => { caption => undef, subreddit => '', character => "  \n" },
    'mixed' => { caption => 5, model => { name => 'x' },
        character => 'Bob', subreddit => [ 'a' ] },
    'long' => { caption => 'ü' x 15_000, subreddit => 'ü' x 100,
        characterName => ("\x{1f600}\n" x 300) . "\t" },
);
my %told = (
    'whole' => [ 'beside it', 'pics', 'Ann' ],
    'other' => [ "two\nlines", undef, 'Eve' ],
    'some' => [ $caption, 'pics', undef ],
    'none' => [ $caption, undef, undef ],
    'mixed' => [ $caption, undef, 'Bob' ],
    'long' => [ 'ü' x 9999, 'ü' x 64, "\x{1f600} " x 127 . "\x{1f600}" ],
    (map { $_ => [ $caption, undef, undef ] } qw(cut doubled latin list large
        link folder deep lone nul empty)),
    'marked' => [ 'with a mark', undef, undef ],
    'both' => [ 'the longer name', undef, undef ],
);
my %odd = (cut => '{"caption": "x', doubled => '{"caption":"x","caption":"y"}',
    latin => "{\"caption\":\"\xe9\"}", list => '["caption"]',
    large => '{"caption":"x"}' . ' ' x 65_536,
    deep => '{"caption":"x","a":' . '[' x 5000 . ']' x 5000 . '}',
    lone => '{"caption":"\ud800"}', nul => '{"caption":"a\u0000b"}',
    empty => '', marked => "\xef\xbb\xbf{\"caption\":\"with a mark\"}");
my $captions = "$uploads/../Captions";
for my $name (sort keys %told) {
    my $content = $beside{$name} ? $json->encode($beside{$name}) : $odd{$name};

    $app->drop($ann, 'Captions', "$name.json", content => $content,
        mtime => $hour_ago) if defined $content && $name ne 'whole';
}
$app->drop($ann, 'Captions', 'whole.jpg.json', mtime => $hour_ago,
    content => $json->encode($beside{whole}));
$app->drop($ann, 'Captions', 'both.jpg.json', mtime => $hour_ago,
    content => '{"caption":"the longer name"}');
$app->drop($ann, 'Captions', 'both.json', mtime => $hour_ago,
    content => '{"caption":"the shorter name","subreddit":"x"}');
symlink 'whole.jpg.json', "$captions/link.json" or die "link: $!";
mkdir "$captions/folder.json" or die "folder: $!";
$app->drop($ann, 'Captions', 'of-long-name' . 'x' x 239 . '.jpg',
    mtime => $hour_ago, from => $facts{'said.jpg'}[0]);
$app->drop($ann, 'Captions', "$_.jpg", mtime => $hour_ago,
    from => $facts{'said.jpg'}[0]) for sort keys %told;
ok($app->enriched($client), 'media with .json files beside them are read');
for my $name (sort keys %told) {
    my $r = row($app, "$name.jpg");
    is($r->{enrichment}, 'completed', "$name: completed")
        or diag($r->{enrichment_error});
    is_deeply([ @$r{qw(caption subreddit character_name)} ], $told{$name},
        "$name: its metadata");
}
is(row($app, 'of-long-name' . 'x' x 239 . '.jpg')->{caption}, $caption,
    'a name that leaves no room for another ending');
is(scalar(grep { $_->{originalName} =~ /json/ } $app->files($client)), 0,
    'they are not listed');
my $log = $app->log;
like($log, qr{sidecar_ignored path="user-media/[^"]*/\Q$_\E\.json" why=},
    "the log mentions $_") for qw(cut doubled latin list large deep lone nul);
like($log, qr{about_ignored source="[^"]*mixed\.json" member=caption},
    'and of a member of another kind');
my ($api) = grep { $_->{originalName} eq 'whole.jpg' } $app->files($client);
is_deeply([ @$api{qw(caption subreddit characterName)} ],
    [ 'beside it', 'pics', 'Ann' ], 'the list shows it too');

# ---- a file that changes; a caption that a person has set
sub replace {
    my ($name, $from) = @_;
    $app->drop($ann, 'Captions', '.new', from => $from,
        mtime => $hour_ago + 60);
    rename "$captions/.new", "$captions/$name" or die "rename: $!";
}
my %before = map { $_ => row($app, $_) } qw(said.jpg said.png said.webp);
for my $set ([ 'said.png', 'My own' ], [ 'said.webp', '' ]) {
    is($client->patch("/api/user/media/$before{$set->[0]}{id}",
        json => { caption => $set->[1] })->status, 200, 'a caption is set');
}
is($client->patch("/api/user/media/$before{'said.jpg'}{id}",
    json => { title => 'A title' })->status, 200, 'a title is set');
my $other = made('other.jpg', 'astronaut.png', 'convert',
    '-XMP-dc:Description=another');
replace($_, $other) for sort keys %before;
for my $name (sort keys %before) {
    ok(until_row($app, $client, 20, $name, sub {
        $_[0]{enrichment} eq 'completed'
            && $_[0]{content_hash} ne $before{$name}{content_hash} }),
        "$name is another file, and read again");
    my $r = row($app, $name);
    is($r->{mime}, 'image/jpeg', 'with another kind');
    isnt($r->{perceptual_hash}, $before{$name}{perceptual_hash},
        'another look');
    is($r->{taken_at}, undef, 'and nothing is left of the old one');
    is(scalar(thumbs($app, $r->{uuid})), 1, 'not even its thumbnail');
}
is(row($app, 'said.jpg')->{caption}, 'another', 'the caption is the new one');
is(row($app, 'said.png')->{caption}, 'My own', 'unless a person has set it');
is(row($app, 'said.webp')->{caption}, undef, 'or taken it off');
replace('said.jpg', made('no picture', $0));
ok(until_row($app, $client, 20, 'said.jpg', sub {
    $_[0]{enrichment} eq 'failed' }), 'it may become no picture at all');
my $r = row($app, 'said.jpg');
ok(length $r->{enrichment_error}, 'the error is recorded');
is_deeply([ @$r{qw(mime width height caption perceptual_hash enriched_at)} ],
    [ 'application/octet-stream', 0, 0, undef, undef, undef ],
    'and nothing is left of the picture');
is(scalar(thumbs($app, $r->{uuid})), 0, 'nor is its thumbnail');

# ---- reasons
$app->drop($ann, 'Captions', 'cut-off.jpg', mtime => $hour_ago,
    content => substr $photo, 0, length($photo) / 2);
$app->drop($ann, 'Captions', 'cut-off.mp4', mtime => $hour_ago,
    content => substr T::Pictures->content('mp4.mp4'), 0, 1000);
$app->drop($ann, 'Captions', 'nothing.png', mtime => $hour_ago, content => '');
ok($app->enriched($client), 'damaged files are processed');
for my $name (qw(cut-off.jpg cut-off.mp4 nothing.png)) {
    my $row = row($app, $name);
    is($row->{enrichment}, 'failed', "$name fails");
    like($row->{enrichment_error}, qr/^[a-zA-Z ,.]{10,}$/, 'with a reason');
}

# ---- a file that is being written
{
    open my $fh, '>:raw', "$uploads/growing.jpg" or die "growing: $!";
    $fh->autoflush;
    T::Proc::own("$uploads/growing.jpg");
    my $part = int length($photo) / 12;
    my $early = 0;
    for my $i (0 .. 11) {
        print $fh substr $photo, $i * $part,
            $i == 11 ? length $photo : $part;
        sleep 0.4; # the pace of the one who writes it
        $app->files($client) if $i % 4 == 0;
        $early++ if row($app, 'growing.jpg')->{enrichment} !~ /pending|proc/;
    }
    close $fh;
    is($early, 0, 'a file waits for as long as it is being written');
    ok(until_row($app, $client, 20, 'growing.jpg', sub {
        $_[0]{enrichment} eq 'completed' }), 'then it is read');
    is(row($app, 'growing.jpg')->{content_hash}, sha256_hex($photo),
        'completely');
}

# ---- a helper in bad moods
my $dir = $app->dir;
is($app->worker->stop, 0, 'the worker ends in order');
%{ $app->{conf} } = (%{ $app->{conf} }, 'image.timeout' => '3s',
    'image.processes' => 1, 'image.wait' => '1s');
$app->write_config;
$app->start_worker;
rename "$dir/bin/vitrine-image", "$dir/bin/real" or die "real: $!";
{
    open my $fh, '>', "$dir/bin/vitrine-image" or die "script: $!";
    print $fh "#!/bin/sh\n",
        "if [ -e $dir/mood/hang ]; then exec sleep 300; fi\n",
        "if [ -e $dir/mood/die ]; then kill -SEGV \$\$; fi\n",
        "if [ -e $dir/mood/exit ]; then exit 7; fi\n",
        "exec $dir/bin/real\n";
    close $fh;
    chmod 0755, "$dir/bin/vitrine-image";
    mkdir "$dir/mood";
}
sub mood {
    my ($mood) = @_;
    unlink glob "$dir/mood/*";
    return if !defined $mood;
    open my $fh, '>', "$dir/mood/$mood" or die "mood: $!";
}
sub one_file {
    my ($name) = @_;
    $app->drop($ann, 'HypnoCocks', $name, mtime => $hour_ago,
        content => $photo);
    $app->files($client);
}
my $pid = $app->worker->pid;
mood('die');
one_file('dies.jpg');
ok(until_row($app, $client, 20, 'dies.jpg', sub {
    $_[0]{enrichment} eq 'failed' }), 'a helper that dies: failed');
like(row($app, 'dies.jpg')->{enrichment_error}, qr/cannot be read/,
    'with a reason');
mood('hang');
one_file('hangs.jpg');
ok(until_row($app, $client, 20, 'hangs.jpg', sub {
    hurry($app); $_[0]{enrichment} eq 'failed' }),
    'a helper that hangs: failed, at the second try');
like(row($app, 'hangs.jpg')->{enrichment_error}, qr/too long/,
    'with a reason');
mood('exit');
one_file('exits.jpg');
ok(until_row($app, $client, 20, 'exits.jpg', sub {
    hurry($app); $_[0]{enrichment} eq 'failed' }),
    'a helper that cannot work: failed, at the second try');
like(row($app, 'exits.jpg')->{enrichment_error}, qr/see the log/,
    'with a reason');
mood(undef);
ok($app->worker->alive && $app->worker->pid == $pid, 'the worker lives on');
one_file('well.jpg');
ok(until_row($app, $client, 30, 'well.jpg', sub {
    hurry($app); $_[0]{enrichment} eq 'completed' }), 'and works');

# ---- no place for a helper
{
    my @locks = map {
        open my $fh, '+<', $_ or die "$_: $!";
        flock $fh, LOCK_EX or die "$_: $!";
        $fh;
    } glob $app->storage . '/slots/*';
    my @pauses;

    cmp_ok(scalar @locks, '>', 0, 'all places are taken');
    one_file('waits.jpg');
    my $id = row($app, 'waits.jpg')->{id};
    for my $try (1 .. 4) {
        T::Proc->until_true(10, sub { $app->db->value('SELECT COUNT(*) FROM'
            . " jobs WHERE ref_id = $id AND kind = 'enrich' AND attempts ="
            . " $try AND owner IS NULL") });
        push @pauses, $app->db->value('SELECT TIMESTAMPDIFF(SECOND, NOW(3),'
            . " due_at) FROM jobs WHERE ref_id = $id AND kind = 'enrich'");
        is(row($app, 'waits.jpg')->{enrichment}, 'pending', 'it waits');
        hurry($app) if $try < 4;
    }
    ok($pauses[0] >= 5 && $pauses[0] <= 10 && $pauses[1] > 15
        && $pauses[2] > 35 && $pauses[3] > 75, 'for longer and longer')
        or diag("@pauses");
}
hurry($app);
ok(until_row($app, $client, 30, 'waits.jpg', sub {
    hurry($app); $_[0]{enrichment} eq 'completed' }),
    'and comes to its turn');

# ---- a worker that is killed in the middle
mood('hang');
one_file('orphaned.jpg');
my $id = row($app, 'orphaned.jpg')->{id};
ok(T::Proc->until_true(10, sub {
    T::Proc->children($app->worker->pid)
        && row($app, 'orphaned.jpg')->{enrichment} eq 'processing' }),
    'a worker is at work');
my @helpers = T::Proc->children($app->worker->pid);
$app->worker->signal('KILL');
ok($app->worker->wait_end(5), 'and killed');
kill 'KILL', @helpers;
delete $app->{worker_proc};
mood(undef);
my $lease = $app->db->value('SELECT TIMESTAMPDIFF(SECOND, NOW(3), due_at)'
    . " FROM jobs WHERE ref_id = $id AND kind = 'enrich'");
ok($lease > 20 && $lease < 120, 'the worker has a lease for a while') or diag($lease);
$app->start_worker;
one_file('next.jpg');
ok(until_row($app, $client, 30, 'next.jpg', sub {
    hurry($app); $_[0]{enrichment} eq 'completed' }),
    'another worker does other work');
is(row($app, 'orphaned.jpg')->{enrichment}, 'processing', 'not that');
$app->db->value("UPDATE jobs SET due_at = NOW(3) WHERE ref_id = $id"
    . " AND kind = 'enrich'");
ok(until_row($app, $client, 30, 'orphaned.jpg', sub {
    hurry($app); $_[0]{enrichment} eq 'completed' }),
    'until its time is over');

# ---- a file that ends every worker
$app->worker->stop;
delete $app->{worker_proc};
one_file('deadly.jpg');
$id = row($app, 'deadly.jpg')->{id};
$app->db->value("UPDATE jobs SET attempts = 2, owner = UNHEX(MD5('x')),"
    . " due_at = NOW(3) WHERE ref_id = $id AND kind = 'enrich'");
mood('hang');
$app->start_worker;
ok(until_row($app, $client, 30, 'deadly.jpg', sub {
    hurry($app); $_[0]{enrichment} eq 'failed' }),
    'it is not tried forever');
like(row($app, 'deadly.jpg')->{enrichment_error}, qr/ended the program/,
    'with a reason');
mood(undef);
ok(T::Proc->until_true(10, sub { !T::Proc->children($app->worker->pid) }),
    'no helper is left');
$app->finish;

# ---- the detector
# The detector's answer depends on the media: a file has a mood for each.
my $moods = T::Proc->folder('moods');
my $listen = IO::Socket::INET->new(Listen => 20, LocalAddr => '127.0.0.1',
    ReuseAddr => 1) or die "no port: $!";
my $port = $listen->sockport;
my %say = (
    good => '{"caption":"seen","subreddit":"aww","characterName":"Cat"}',
    flaky => '{"caption":"at last"}', garbage => '<html>busy</html>',
    list => '[]', huge => '{"caption":"' . 'x' x 70_000 . '"}',
    odd => '{"caption":7,"subreddit":"odd"}');
sub answer {
    my ($socket) = @_;
    my $request = '';

    while (sysread $socket, $request, 65_536, length $request) {
        my ($head, $body) = split /\r\n\r\n/, $request, 2;
        my ($length) = $request =~ /^Content-Length: (\d+)/mi or next;
        last if defined $body && length $body >= $length;
    }
    my ($uuid) = $request =~ /^X-Vitrine-Media: (\S+)/mi;
    my $mood = T::Site::slurp("$moods/$uuid");
    my $n = () = glob "$moods/$uuid.*";
    open my $fh, '>:raw', "$moods/$uuid." . ($n + 1) or die;
    print $fh $request;
    close $fh;
    if ($mood eq 'slow') {
        sleep 5; # longer than the site waits for it
        return;
    }
    my $status = $mood eq 'nothing' ? '204 No Content'
        : $mood eq 'failing' || ($mood eq 'flaky' && $n == 0)
        ? '500 Internal Server Error'
        : $mood eq 'elsewhere' ? "302 Found\r\nLocation: /x" : '200 OK';
    my $say = $status =~ /^20/ ? $say{$mood} // '' : '{"caption":"no"}';
    print $socket "HTTP/1.1 $status\r\nContent-Type: application/json\r\n"
        . ($mood eq 'nothing' ? '' : 'Content-Length: ' . length($say)
        . "\r\n") . "Connection: close\r\n\r\n$say";
}
my $detector = fork // die "fork: $!";
if ($detector == 0) {
    $SIG{PIPE} = 'IGNORE';
    $SIG{TERM} = sub { POSIX::_exit(0) };
    $SIG{CHLD} = 'IGNORE';
    while (my $socket = $listen->accept) {
        my $pid = fork // die "fork: $!";
        if ($pid == 0) {
            answer($socket);
            POSIX::_exit(0);
        }
        close $socket;
    }
    POSIX::_exit(1);
}
close $listen;

open my $token, '>', "$moods/token" or die "token: $!";
print $token "the token\nand more\n";
close $token;
T::Proc::own("$moods/token");
$app = T::App->new(worker => 0, conf => { 'worker.tries' => 2,
    'detector.url' => "http://127.0.0.1:$port/look", 'detector.timeout' => '1s',
    'detector.token_file' => "$moods/token" });
($client, $ann) = $app->signed_in('ann');
my $plain = made('plain.jpg', 'IMG_1054.JPG', 'convert');
my %seen = (good => [ 'seen', 'aww', 'Cat' ], flaky => [ 'at last' ],
    odd => [ undef, 'odd' ], nothing => [], garbage => [], list => [],
    huge => [], slow => [], failing => [], elsewhere => []);
$app->drop($ann, 'Captions', "$_.jpg", mtime => $hour_ago, from => $plain)
    for sort keys %seen;
$app->drop($ann, 'Captions', 'captioned.jpg', mtime => $hour_ago,
    from => made('captioned.jpg', $plain, $say[0]));
$app->drop($ann, 'Captions', 'both.jpg', mtime => $hour_ago, from => $plain);
$app->drop($ann, 'Captions', 'both.json', mtime => $hour_ago,
    content => '{"subreddit":"beside"}');
$app->drop($ann, 'Captions', 'known.jpg', mtime => $hour_ago, from => $plain);
$app->drop($ann, 'Captions', 'known.json', mtime => $hour_ago,
    content => $json->encode($beside{whole}));
$app->drop($ann, 'Captions', 'film.mp4', mtime => $hour_ago,
    from => T::Pictures->path('mp4.mp4'));
my %uuid;
for my $file ($app->files($client)) {
    my $mood = $file->{originalName} =~ s/\..*//r;
    $uuid{$mood} = $file->{uuid};
    open my $fh, '>', "$moods/$file->{uuid}" or die;
    print $fh $seen{$mood} ? $mood : 'good';
}
$app->start_worker;
ok(T::Proc->until_true(60, sub {
    hurry($app);
    !grep { $_->{enrichmentStatus} =~ /^(pending|processing)$/ }
        $app->files($client) }), 'all moods of the detector come to an end');
%seen = (%seen, captioned => [ $caption, 'aww', 'Cat' ],
    both => [ 'seen', 'beside', 'Cat' ], known => $told{whole});
for my $mood (sort keys %seen) {
    my $row = row($app, "$mood.jpg");
    my $asked = () = glob "$moods/$uuid{$mood}.*";
    my $bad = $mood =~ /^(flaky|garbage|list|huge|slow|failing|elsewhere)$/;

    is($row->{enrichment}, 'completed', "$mood: completed");
    is_deeply([ @$row{qw(caption subreddit character_name)} ],
        [ @{ $seen{$mood} }[0 .. 2] ], "$mood: with the detector's answer");
    is($asked, $mood eq 'known' ? 0 : $bad ? 2 : 1,
        "$mood: and asked as often as need be");
    if ($bad && $mood ne 'flaky') {
        like($app->log, qr/detector_given_up media=$row->{id} error=".+"/,
            "$mood: the log says why");
    }
}
is(row($app, 'film.mp4')->{enrichment}, 'completed', 'a film is completed');
is(scalar(my @none = glob "$moods/$uuid{film}.*"), 0, 'without asking');
my ($head, $body) = split /\r\n\r\n/, T::Site::slurp("$moods/$uuid{good}.1"),
    2;
like($head, qr{^POST /look HTTP/1\.1\r\n}, 'it is asked by POST');
like($head, qr/^Content-Type: image\/jpeg\r$/m, 'with the kind');
like($head, qr/^Authorization: Bearer the token\r$/m, 'the token');
my ($thumb) = thumbs($app, row($app, 'good.jpg')->{uuid});
is($body, T::Site::slurp($app->storage . "/thumbs/$thumb"),
    'and the thumbnail');

kill 'TERM', $detector;
waitpid $detector, 0;
$app->drop($ann, 'Captions', 'later.jpg', mtime => $hour_ago, from => $plain);
ok(until_row($app, $client, 20, 'later.jpg', sub {
    hurry($app); $_[0]{enrichment} eq 'completed' }),
    'a detector that is gone does not keep a picture from being read');
$app->finish;
done_testing;
