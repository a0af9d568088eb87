#!/usr/bin/perl
# Sharing by link and to the community: the mark, removed metadata, tags and
# consent, the feed; any number of calls at once; and nothing published where
# something fails.

use strict;
use warnings;
use JSON::PP ();
use POSIX ();
use T::App;
use T::Nginx;
use T::Pictures;
use T::Site;
use Test::More;

T::Pictures->need;
my $app = T::App->new(workers => 2, long_workers => 4, worker => 0,
    errors => qr/mark|font|picture|bin.false/i);
my ($client, $ann) = $app->signed_in('ann');
my ($stranger) = $app->signed_in('eve');
my $web = T::Nginx->new($app);
my $guest = $web->client;

# The names that the tests give to real pictures, and where they are dropped.
my %vault = (
    'plain.jpg' => [ Uploads => 'IMG_1054.JPG' ],
    'gps.jpg' => [ Uploads => 'IMG_20200827_231612.jpg' ],
    'turned.jpg' => [ Uploads => 'IMG_20200124_231153.jpg' ],
    'cat.png' => [ Uploads => 'chelsea.png' ],
    'rose.webp' => [ Uploads => 'yellow_rose.lossy.webp' ],
    'named.jpg' => [ Uploads => 'chelsea.png' ],
    'cradle.gif' => [ Uploads => 'newtonscradle.gif' ],
    'clip.mp4' => [ Uploads => 'VID_20191220_170832.mp4' ],
    'caption.jpg' => [ Captions => 'IMG_1054.JPG' ],
    'many.jpg' => [ Uploads => 'IMG_1054.JPG' ],
);
for my $name (sort keys %vault) {
    my ($folder, $picture) = @{ $vault{$name} };
    $app->drop($ann, $folder, $name, from => T::Pictures->path($picture));
}
my %id = map { $_->{originalName} => $_->{id} } $app->files($client);
is(scalar keys %id, scalar keys %vault, 'the vault is filled');

sub share {
    my ($name, %o) = @_;
    return $client->post("/api/media/$id{$name}/share", json => \%o);
}
my %yes = (shareToCommunity => JSON::PP::true, consent => JSON::PP::true,
    tags => ['nature']);
my %no = (shareToCommunity => JSON::PP::false);
sub records { $app->db->value('SELECT COUNT(*) FROM community_media') }

# ---- by link only
my $r = share('plain.jpg');
is($r->status, 200, 'a link') or diag($r->body);
my $code = $r->json->{shareCode};
like($code, qr/^[0-9A-Za-z_-]{20,}$/, 'by a code that nobody can guess');
is($r->json->{shareUrl}, "http://localhost/shared/media/$code",
    'with an absolute address');
is_deeply([ sort keys %{ $r->json } ], [ sort qw(shareCode shareUrl) ],
    'and nothing of the community');
is(share('plain.jpg')->json->{shareCode}, $code, 'the code stays the same');
is(records(), 0, 'the community has nothing');
my ($file) = grep { $_->{id} == $id{'plain.jpg'} } $app->files($client);
ok($file->{isShared} && !$file->{shareToCommunity}, 'the list shows it');
is($file->{shareCode}, $code, 'the code');

# ---- what is refused
my @tags = map { $_->{slug} } @{ $client->get('/api/tags')->json };
cmp_ok(scalar @tags, '>', 10, 'there are tags');
for my $case (
    [ 'no consent', qr/consent/i, %yes, consent => JSON::PP::false ],
    [ 'consent left out', qr/consent/i, shareToCommunity => JSON::PP::true,
        tags => ['nature'] ],
    [ 'no tag', qr/tag/i, %yes, tags => [] ],
    [ 'an unknown tag', qr/no-such-tag/, %yes, tags => [qw(nature no-such-tag)] ],
    [ 'too many tags', qr/tag/i, %yes, tags => [ @tags[0 .. 10] ] ],
    [ 'tags of the wrong type', qr/tags/, %yes, tags => 'nature' ],
    [ 'consent of the wrong type', qr/consent/, %yes, consent => 'yes' ],
) {
    my ($name, $message, %o) = @$case;
    $r = share('cat.png', %o);
    is($r->status, 400, "refused: $name");
    like($r->json->{message}, $message, 'and says so');
}
is($stranger->post("/api/media/$id{'cat.png'}/share", json => \%yes)->status,
    404, 'refused: a stranger');
is($app->client->post("/api/media/$id{'cat.png'}/share", json => \%yes)
    ->status, 401, 'refused: not signed in');
is($client->post('/api/media/abc/share', json => \%yes)->status, 400,
    'refused: no number');
is(records(), 0, 'nothing was published');
is_deeply([ $app->objects('general') ], [], 'nor created');

# ---- to the community
$r = share('plain.jpg', %yes, tags => [qw(nature city)]);
is($r->status, 200, 'shared to the community') or diag($r->body);
my $shared = $r->json;
is($shared->{shareCode}, $code, 'by the same code');
like($shared->{publicUrl}, qr{^http://localhost/general/[0-9A-Za-z_.-]{20,}$},
    'under a name of its own');
ok($shared->{communityMediaId}, 'with its number');
my $path = $shared->{publicUrl} =~ s{^http://localhost}{}r;
$r = $guest->get($path);
is($r->status, 200, 'a stranger gets it from the web server');
is($r->header('Content-Type'), 'image/jpeg', 'as what it is');
is($r->header('Cache-Control'), 'public, max-age=300', 'for five minutes');
is($r->header('X-Content-Type-Options'), 'nosniff', 'and nothing else');

my $before = T::Pictures->content('IMG_1054.JPG');
my ($w, $h) = T::Pictures->pixels($before);
my @d = T::Pictures->difference($before, $r->body, 24);
ok(@d, 'it bears the mark');
cmp_ok($d[0], '>', $w / 2, 'on the right');
cmp_ok($d[1], '>', $h / 2, 'at the bottom');
my $breadth = ($d[2] - $d[0] + 1) / $w;
cmp_ok(abs($breadth - 0.25), '<', 0.06, "a quarter wide ($breadth)");
@d = T::Pictures->difference($before, $r->body, 0);
cmp_ok($d[0], '>=', $w / 2, 'the rest of the picture is unchanged');
cmp_ok($d[1], '>=', $h / 2, 'to the last bit');

my $feed = $guest->get('/api/community/media')->json;
is(scalar @{ $feed->{items} }, 1, 'the feed shows it');
my $item = $feed->{items}[0];
is_deeply([ sort keys %$item ], [ sort qw(id url thumbnailUrl mimeType width
    height tags sharedBy createdAt) ], 'with the fields of the contract');
is($item->{url}, $shared->{publicUrl}, 'its address');
is_deeply([ $w, $h ], [ @$item{qw(width height)} ], 'its size');
is_deeply([ sort @{ $item->{tags} } ], [qw(city nature)], 'its tags');
is($item->{id}, $shared->{communityMediaId}, 'its number');
my $thumb = $guest->get($item->{thumbnailUrl} =~ s{^http://localhost}{}r);
is($thumb->status, 200, 'a thumbnail');
my @small = T::Pictures->pixels($thumb->body);
is($small[0], 480, 'of the size that is set');
is(scalar @{ $guest->get('/api/community/media?tag=city')->json->{items} }, 1,
    'by its tag');
is(scalar @{ $guest->get('/api/community/media?tag=food')->json->{items} }, 0,
    'not by another');

# ---- again, with other tags; the copy stays
$r = share('plain.jpg', %yes, tags => ['animals']);
is($r->json->{publicUrl}, $shared->{publicUrl}, 'shared again: the same copy');
is_deeply($guest->get('/api/community/media')->json->{items}[0]{tags},
    ['animals'], 'with the new tags only');
is(records(), 1, 'one record');
is(scalar(grep { !/thumb|\.t\./ } $app->objects('general')) >= 1, 1,
    'one object');

# ---- the original goes, the copy stays
is($client->delete("/api/user/media/$id{'plain.jpg'}")->status, 204,
    'the original is deleted');
is($guest->get($path)->status, 200, 'the copy stays');
is(scalar @{ $guest->get('/api/community/media')->json->{items} }, 1,
    'in the feed too');
is($guest->get("/shared/media/$code")->status, 404, 'its link does not');

# ---- kinds of pictures
sub published {
    my ($name) = @_;
    my $r = share($name, %yes);
    is($r->status, 200, "$name is shared") or diag($r->body);
    my $url = $r->json->{publicUrl} // '' ;
    return ($guest->get($url =~ s{^http://localhost}{}r), $url);
}
for my $name ('gps.jpg', 'turned.jpg', 'cat.png', 'rose.webp', 'named.jpg') {
    my $source = T::Pictures->content($vault{$name}[1]);
    my ($got) = published($name);
    my ($w, $h) = T::Pictures->pixels($source);
    my @d = T::Pictures->difference($source, $got->body, 40);
    ok(@d && $d[4] > 50 && $d[2] > $w * 0.7 && $d[3] > $h * 0.7,
        "$name has the mark, bottom right as displayed (@d)");
    my $tags = T::Pictures->metadata($got->body);
    is_deeply([ grep { /GPS|Serial|Maker|Owner|XMP|IPTC|Photoshop/i }
        keys %$tags ], [], "$name shows nothing private");
    my $was = T::Pictures->metadata($source);
    is($tags->{'IFD0:Orientation'} // 1, $was->{'IFD0:Orientation'} // 1,
        "$name is turned as it was");
    is($tags->{'ICC_Profile:ProfileDescription'} // '',
        $was->{'ICC_Profile:ProfileDescription'} // '',
        "$name keeps its colours");
    is($tags->{'File:MIMEType'}, $was->{'File:MIMEType'},
        "$name is of the same kind");
    is($got->header('Content-Type'), $was->{'File:MIMEType'},
        "$name is sent as that");
}
for my $name ('caption.jpg', 'cradle.gif') {
    my $source = T::Pictures->content($vault{$name}[1]);
    my ($got) = published($name);
    is_deeply([ T::Pictures->difference($source, $got->body, 0) ], [],
        "$name bears no mark");
}
my ($clip) = published('clip.mp4');
my $tags = T::Pictures->metadata($clip->body);
is($tags->{'File:MIMEType'}, 'video/mp4', 'a video stays one');
is_deeply([ grep { /GPS|Location/i } keys %$tags ], [],
    'and shows no place');

# ---- sharing stops
my ($got, $url) = published('cat.png');
$path = $url =~ s{^http://localhost}{}r;
$code = share('cat.png')->json->{shareCode};
$r = share('cat.png', %no);
is($r->status, 200, 'out of the community');
is($r->json->{shareCode}, $code, 'the link stays');
ok(!exists $r->json->{publicUrl}, 'without a public address');
is($guest->get($path)->status, 404, 'the object is gone');
is($guest->get("/shared/media/$code")->status, 200, 'the page is there');
is($client->delete("/api/media/$id{'cat.png'}/share")->status, 204,
    'all sharing has stopped');
is($guest->get("/shared/media/$code")->status, 404, 'the page is gone');
isnt(share('cat.png')->json->{shareCode}, $code, 'a new code is another one');

# ---- many calls at once for one media
sub at_once {
    my (@calls) = @_;
    my @pids;
    for my $call (@calls) {
        my $pid = fork // die;
        if ($pid == 0) {
            my $c = $app->client->always('X-API-KEY', $ann->{key});
            POSIX::_exit(eval { $call->($c)->status } // 0 ? 0 : 1);
        }
        push @pids, $pid;
    }
    waitpid $_, 0 for @pids;
}
sub whole {
    my ($text) = @_;
    my @rows = $app->db->rows("SELECT id, object_name, thumb_name, state FROM"
        . " community_media WHERE media_id = $id{'many.jpg'}");
    my %known = map { $_ => 1 } grep { defined } map { @$_ }
        $app->db->rows('SELECT object_name, thumb_name FROM community_media');
    my @there = $app->objects('general');

    cmp_ok(scalar @rows, '<=', 1, "$text: at most one record");
    is(scalar(grep { $_->[3] ne 'ready' } @rows), 0, "$text: a finished one");
    is_deeply([ grep { !$known{$_} } @there ], [],
        "$text: no object without a record");
    is_deeply([ grep { !-f $app->storage . "/general/$_" } sort keys %known ],
        [], "$text: no record without an object");
    return @rows;
}
$ann->{key} = $app->key('ann');
my @sets = ([qw(nature city)], [qw(animals)], [qw(flowers art family)]);
at_once(map {
    my $tags = $sets[ $_ % 3 ];
    sub { $_[0]->post("/api/media/$id{'many.jpg'}/share",
        json => { %yes, tags => $tags }) };
} 0 .. 8);
my ($row) = whole('nine shares at once');
ok($row, 'nine shares at once: it is there');
my $tagged = join ' ', sort map { $_->[0] } $app->db->rows('SELECT t.slug FROM'
    . ' community_tags c JOIN tags t ON t.id = c.tag_id WHERE c.community_id ='
    . " $row->[0]");
ok((grep { join(' ', sort @$_) eq $tagged } @sets),
    "nine shares at once: the tags of one of them ($tagged)");
is($app->db->value('SELECT COUNT(*) FROM shares WHERE code_media_id ='
    . " $id{'many.jpg'}"), 1, 'nine shares at once: one code');
for my $round (1 .. 3) {
    at_once(map {
        my $body = $_ % 2 ? { %yes } : { %no };
        sub { $_[0]->post("/api/media/$id{'many.jpg'}/share",
            json => $body) };
    } 0 .. 7);
    whole("shared and unshared at once, $round");
}
is(share('many.jpg', %no)->status, 200, 'out of the community in the end');
is(scalar whole('in the end'), 0, 'and gone');

# ---- nothing is published where the mark fails
$web->stop;
$app->stop;
my %was = map { $_ => 1 } $app->objects('general');
my $count = records();
for my $broken ({ 'watermark.font' => '/nowhere/font.ttf' },
    { 'watermark.kind' => 'picture',
        'watermark.picture' => $app->config },
    { 'image.program' => '/bin/false' }) {
    my ($setting) = %$broken;
    $app->{conf} = $broken;
    $app->write_config;
    $app->start_pool;
    my $c = $app->client;
    $c->login('ann', $ann->{password});
    $r = $c->post("/api/media/$id{'many.jpg'}/share", json => \%yes);
    cmp_ok($r->status, '>=', 400, "$setting: the share fails");
    is(records(), $count, "$setting: nothing is published");
    is_deeply([ grep { !$was{$_} } $app->objects('general') ], [],
        "$setting: nothing is made");
    is($app->db->value('SELECT COUNT(*) FROM community_media WHERE state ='
        . " 'making' AND until > NOW(3)"), 0, "$setting: no lock is held");
    $app->stop;
}
$app->{conf} = {};
$app->write_config;
$app->start_pool;
$client->login('ann', $ann->{password});
is(share('many.jpg', %yes)->status, 200, 'and all is well again');

$app->finish;
done_testing;
