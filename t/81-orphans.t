#!/usr/bin/perl
# Leftovers and faults: orphans and the worker's hourly round,
# the twentieth that it never exceeds, doctor, purge, and
# sync --dry-run.

use strict;
use warnings;
use File::Path ();
use JSON::PP ();
use T::App;
use T::Proc;
use T::Site;
use Test::More;

my $app = T::App->new(worker => 0, errors => qr/too many to be orphans/,
    conf => { 'site.base_url' => 'http://127.0.0.1:1' });
my ($client, $ann) = $app->signed_in('ann');
my $bob = $app->user('bob');
my $db = $app->db;
my $storage = $app->storage;
my $day = time - 86400;
my $gif = "GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D"
    . "\1\0;";

sub sql { return $db->run_sql($db->name, $_[0]) }
sub json { return JSON::PP->new->utf8->decode($_[0]) }

# A file below the storage root, older than a day by this many seconds.
sub put {
    my ($path, $older) = @_;
    my $file = "$storage/$path";
    my ($folder) = $file =~ m{(.*)/};

    if (!-d $folder) {
        File::Path::make_path($folder);
        T::Proc::own($folder);
    }
    open my $fh, '>', $file or die "$file: $!";
    print $fh $path;
    close $fh;
    T::Proc::own($file);
    utime $day - $older, $day - $older, $file or die "$file: $!";
    return $path;
}
my ($old, $young) = (3600, -3600);
sub there { return -e "$storage/$_[0]" ? 1 : 0 }
sub hex32 { return sprintf '%02x%030x', $_[0] % 256, $_[0] }
sub dashed { return $_[0] =~ s/^(.{8})(.{4})(.{4})(.{4})/$1-$2-$3-$4-/r }
sub thumb_of {
    my ($n, $mtime) = @_;
    my $uuid = dashed(hex32($n));
    return sprintf 'thumbs/%.2s/%s-%x', $uuid, $uuid, $mtime;
}

# ---- a hundred known files in each place
my $mtime = 1_700_000_000_000_000_000;
my (@known, @values, @copies);
for my $n (1 .. 100) {
    my $hex = hex32($n * 5);
    my $path = "users/$ann->{id}/Uploads/$n.gif";
    push @values, "(UNHEX('$hex'), $ann->{id}, 'upload', '$path', '$n.gif',"
        . " '$n.gif', 1, $mtime, 'trashed', NOW(3), 'completed', NOW(3))";
    push @copies, "($ann->{id}, '"
        . ($n % 2 ? 'ready' : 'hidden') . "', '$hex.gif', '$hex-t.png')";
    my $folder = $n % 2 ? 'general' : 'hidden';
    push @known, put('trash/' . dashed($hex), $old),
        put(thumb_of($n * 5, $mtime), $old),
        put("$folder/$hex.gif", $old), put("$folder/$hex-t.png", $old);
}
sql('INSERT INTO media (uuid, user_id, source, path, file_name,'
    . ' original_name, size, mtime, state, state_at, enrichment, created_at)'
    . ' VALUES ' . join ', ', @values);
sql('INSERT INTO community_media (user_id, state, object_name, thumb_name)'
    . ' VALUES ' . join ', ', @copies);

# ---- and unknown ones
my @in_vault = map { $app->drop($ann, 'Uploads', $_, content => $gif,
    mtime => $day - 90 * 86400) =~ s{^\Q$storage\E/}{}r } 'old.gif', 'note.txt',
    'half.jpg.part';
my @three = (
    (map { put("general/unknown-$_.gif", $old) } 1 .. 3),
    (map { put("hidden/unknown-$_.gif", $old) } 1 .. 3),
    (map { put('trash/' . dashed(hex32(1000 + $_)), $old) } 1 .. 3),
    # A deleted picture, a changed one, and one of an invalid name.
    put(thumb_of(2000, $mtime), $old), put(thumb_of(5, $mtime + 1), $old),
    put('thumbs/ab/rubbish', $old),
);
my @tmp = map { put("tmp/half-$_", $old) } 1 .. 30;
my @fresh = (put('general/just-made.gif', $young),
    put('tmp/on-its-way', $young),
    put('trash/' . dashed(hex32(3000)), $young),
    put('hidden/just-hidden.gif', $young),
    put(thumb_of(3000, $mtime), $young));

# ---- the hourly round
sub round {
    my ($name) = @_;
    sql("UPDATE jobs SET due_at = NOW(3) - INTERVAL 1 SECOND WHERE kind ="
        . " 'orphans'");
    $app->start_worker if !$app->worker;
    ok(T::Proc->until_true(60, sub {
        ($db->value("SELECT due_at > NOW(3) + INTERVAL 30 MINUTE AND owner IS"
            . " NULL FROM jobs WHERE kind = 'orphans'") // 0) == 1;
    }), "$name: the round is made, and the next is in an hour");
}
round('three orphans in a hundred');
is(join(' ', grep { there($_) } @three), '', 'three in a hundred: they go');
is(join(' ', grep { there($_) } @tmp), '',
    'temporary files of a day ago are removed, any number of them');
is(join(' ', grep { !there($_) } @fresh), '', 'younger files stay');
is(join(' ', grep { !there($_) } @known), '', 'files with a row stay');
is(join(' ', grep { !there($_) } @in_vault), '',
    'nothing of a vault is touched');
unlike($app->log, qr/level=error/, 'and nothing is reported');

# ---- more than a twentieth: the database is probably at fault
my %many = (general => [ map { put("general/unknown-$_.gif", $old) } 1 .. 10 ],
    hidden => [ map { put("hidden/unknown-$_.gif", $old) } 1 .. 10 ],
    trash => [ map { put('trash/' . dashed(hex32(1000 + $_)), $old) }
        1 .. 10 ],
    thumbs => [ map { put(thumb_of(2000 + 7 * $_, $mtime), $old) } 1 .. 10 ]);
my $dust = put('tmp/dust', $old);
round('ten orphans in a hundred');
for my $place (sort keys %many) {
    is(join(' ', grep { !there($_) } @{ $many{$place} }), '',
        "ten in a hundred: $place is left alone");
    like($app->log, qr/level=error .*place=$place files=/,
        "ten in a hundred: $place is reported");
}
ok(!there($dust), 'but temporary files are removed');
my $told = () = $app->log =~ /too many to be orphans/g;
is($told, 4, 'one line for each place');

# The wrong database: no row at all.
sql('RENAME TABLE community_media TO community_media_away');
sql('CREATE TABLE community_media LIKE community_media_away');
round('no row at all');
is(join(' ', grep { !there($_) } @known), '',
    'an empty table removes nothing');
sql('DROP TABLE community_media');
sql('RENAME TABLE community_media_away TO community_media');
$app->end('worker_proc');

# ---- doctor
is(scalar($app->files($client)), 1, 'the vault has a picture');
$app->drop($ann, 'Captions', $_, content => $gif)
    for 'gone.gif', 'stays.gif', "not\xffutf8.gif", '.hidden.gif',
    'stays.json', 'archive.zip';
$app->files($client);
my $vault = "$storage/user-media/users/$ann->{id}";
unlink "$vault/Captions/gone.gif" or die;
symlink '/etc/passwd', "$vault/Captions/link.gif" or die;
mkdir "$vault/Captions/folder.gif" or die;
T::Proc::own("$vault/Captions/folder.gif");
$app->files($client);

# What runs beside it is tested in t/23-doctor.t.
sub doctor {
    my (@how) = @_;
    my ($status, $out, $err) = $app->admin('doctor', '--json');
    die "doctor: $status $err" if $status != 2;
    return map { +{ %$_, line => "$_->{kind} $_->{subject}" } }
        grep { $_->{kind} !~ /^(site|socket|worker)-/ } @{ json($out) };
}
sub subjects {
    my ($kind, @found) = @_;
    return [ sort map { $_->{subject} } grep { $_->{kind} eq $kind } @found ];
}
my @found = doctor();
is_deeply(subjects('missing', @found),
    [ "user-media/users/$ann->{id}/Captions/gone.gif" ],
    'a row without its file');
my $captions = "user-media/users/$ann->{id}/Captions";
my $uploads = "user-media/users/$ann->{id}/Uploads";
is_deeply(subjects('passed-over', @found), [ sort "$captions/link.gif",
    "$captions/folder.gif", "(percent-encoded) $captions/not%FFutf8.gif" ],
    'files that the sync skips');
is_deeply(subjects('unlisted', @found), [ sort "$captions/.hidden.gif",
    "$captions/archive.zip", "$uploads/note.txt", "$uploads/half.jpg.part" ],
    'and files that may be intended');
my %text = map { $_->{subject} => $_->{text} } @found;
like($text{"$captions/link.gif"}, qr/link/, 'and why: a link');
like($text{"(percent-encoded) $captions/not%FFutf8.gif"}, qr/UTF-8/,
    'an invalid name');
like($text{"$captions/archive.zip"}, qr/type/, 'another type');
my %advice = map { $_->{subject} => $_->{advice} } @found;
like($advice{"(percent-encoded) $captions/not%FFutf8.gif"},
    qr/ \$'\Q$storage\E.*not\\xffutf8\.gif'/, 'with a name for the shell');
is_deeply(subjects('orphan', @found), [ sort map { @$_ } values %many ],
    'orphans, of a day and more');
is_deeply(subjects('orphans-many', @found), [ sort keys %many ],
    'too many: the database may be at fault');
is(scalar(grep { $_->{kind} eq 'setting' } @found), 0,
    'the settings are well') or diag(explain([ grep {
        $_->{kind} eq 'setting' } @found ]));
is(scalar(grep { !length $_->{text} } @found), 0, 'each has its words');
my $out = ($app->admin('doctor'))[1];
like($out, qr{^warning: missing: user-media/users/$ann->{id}/Captions/gone\.gif
    .*\.
    Restore \Q$storage\E/user-media/.*gone\.gif from a backup}m, 'in words');
my $fixed = ($app->admin('doctor', '--fix'))[1];
is_deeply([ grep { !there($_) } map { @$_ } values %many ], [],
    'too many are not removed, even by --fix');

# ---- purge: on the administrator's request
my $purged = json($app->admin_ok('purge', '--json'));
is($purged->{removed}, 40, 'purge removes them all');
cmp_ok($purged->{lookedAt}, '>', 440, 'of many');
is(join(' ', grep { there($_) } map { @$_ } values %many), '', 'they are gone');
is(join(' ', grep { !there($_) } @fresh, @known, @in_vault), '',
    'and nothing else');
like($app->admin_ok('purge'), qr/removed 0\b/, 'a second finds nothing');
@found = doctor();
is_deeply(subjects('orphan', @found), [], 'doctor neither');

# ---- settings that cannot work
my %conf = %{ $app->{conf} };
for my $case (
    [ 'setting watermark', 'watermark.font' => '/nowhere/font.ttf' ],
    [ 'setting image.policy', 'image.policy' => $app->dir ],
    [ 'setting mail.tls', 'mail.tls' => 'perhaps' ],
    [ 'setting-doubtful site.base_url', 'site.base_url' =>
        'http://localhost/' ],
) {
    my ($line, $name, $value) = @$case;
    $app->{conf} = { %conf, $name => $value };
    $app->write_config;
    ok((grep { $_->{line} eq $line } doctor()), "$name = $value: $line");
}

# ---- all is well
$app->{conf} = \%conf;
$app->write_config;
unlink map { "$vault/$_" } 'Captions/link.gif', 'Captions/.hidden.gif',
    'Captions/archive.zip', "Captions/not\xffutf8.gif", 'Uploads/note.txt',
    'Uploads/half.jpg.part';
rmdir "$vault/Captions/folder.gif";
sql("DELETE FROM media WHERE state = 'missing'");
is_deeply([ map { $_->{line} } doctor() ], [], 'nothing is left');

# ---- sync --dry-run
$app->drop($ann, 'Babecocks', "new-$_.gif", content => $gif) for 1 .. 3;
$app->drop($bob, 'Uploads', 'his.gif', content => $gif);
unlink "$vault/Captions/stays.gif" or die;
my @rows = $db->rows('SELECT id, path, state FROM media ORDER BY id');
my @stamps = $db->rows('SELECT * FROM vault_stamps ORDER BY user_id, folder');
is_deeply(json($app->admin_ok('sync', '--dry-run', '--json')), {
    dryRun => JSON::PP::true, added => 4, gone => 1, back => 0 },
    'a dry run of all accounts');
is_deeply(json($app->admin_ok('sync', 'bob', '--dry-run', '--json')), {
    dryRun => JSON::PP::true, added => 1, gone => 0, back => 0 },
    'of one');
like($app->admin_ok('sync', '--dry-run'), qr/^dry run: 4 added/,
    'for people');
is_deeply([ $db->rows('SELECT id, path, state FROM media ORDER BY id') ],
    \@rows, 'changes no row');
is_deeply([ $db->rows('SELECT * FROM vault_stamps ORDER BY user_id, folder') ],
    \@stamps, 'and remembers nothing');
is_deeply(json($app->admin_ok('sync', '--json')), {
    dryRun => JSON::PP::false, added => 4, gone => 1, back => 0 },
    'the sync then does what was announced');
is_deeply(json($app->admin_ok('sync', '--dry-run', '--json')), {
    dryRun => JSON::PP::true, added => 0, gone => 0, back => 0 },
    'and nothing is left to do');
$app->drop($ann, 'Captions', 'stays.gif', content => $gif);
is(json($app->admin_ok('sync', '--dry-run', '--json'))->{added}, 1,
    'another file with an old name is a new media');
my ($failed, undef, $err) = $app->admin('sync', 'carl');
is($failed, 1, 'nobody of that name');
like($err, qr/carl/, 'is reported');
my ($drawn) = (T::Proc->run(command => [ 'script', '-qec', join(' ',
    $app->program('vitrine'), '--config', $app->config, 'sync',
    '--dry-run'), '/dev/null' ]))[1];
like($drawn, qr/\[#{30}\] 2 of 2 accounts/, 'on a terminal there is a bar');
unlike((T::Proc->run(command => [ $app->program('vitrine'), '--config',
    $app->config, 'sync', '--dry-run' ]))[2], qr/#/, 'no progress elsewhere');

unlink map { "$storage/$_" } @fresh;
$app->finish;
done_testing;
