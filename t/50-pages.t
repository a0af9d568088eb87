#!/usr/bin/perl
# The pages work without JavaScript, escape what users type, have Open Graph
# metadata for pasted links, and show errors as HTML or JSON as the client asks.

use strict;
use warnings;
use JSON::PP ();
use T::App;
use T::Pictures;
use Test::More;

T::Pictures->need;
my $app = T::App->new;
my ($api, $ann) = $app->signed_in('ann');
my $evil = '"><script>alert(1)</script>&amp;\' 0;url=//x" http-equiv="refresh';
my %html = (Accept => 'text/html,application/xhtml+xml,*/*;q=0.8');

$app->drop($ann, 'Uploads', 'photo.jpg',
    from => T::Pictures->path('IMG_1054.JPG'));
$app->drop($ann, 'Uploads', '<img src=x onerror=alert(1)>.jpg',
    from => T::Pictures->path('IMG_1054.JPG'));
my %id = map { $_->{originalName} => $_->{id} } $app->files($api);
ok($app->enriched($api), 'the vault is filled');

sub page {
    my ($c, $target, $status, $name) = @_;
    my $r = $c->get($target, headers => \%html);

    is($r->status, $status, $name);
    like($r->header('Content-Type'), qr{^text/html; charset=utf-8}i,
        "$name: HTML");
    is($r->header('X-Content-Type-Options'), 'nosniff', "$name: nosniff");
    my $policy = $r->header('Content-Security-Policy') // '';
    like($policy, qr/default-src 'none'|default-src 'self'/,
        "$name: has a content security policy");
    unlike($policy, qr/unsafe-(inline|eval)/, "$name: the policy is strict");
    ok($r->body !~ /<script|<img src=x/, "$name: no markup is injected");
    ok($r->body !~ /<\w+(\s+[\w-]+(="[^"]*")?)*\s+(on\w+|style)=/,
        "$name: no script in attributes");
    return $r;
}

# ---- signing in by form
my $browser = $app->client;
page($browser, '/', 200, 'home');
my $r = $browser->get('/vault', headers => \%html);
like($r->status, qr/^30[23]$/, 'the vault asks to sign in');
like($r->header('Location'), qr{/login}, 'on the sign-in page');
$r = page($browser, '/login', 200, 'login');
like($r->body, qr/<form[^>]+method="post"/i, 'sign-in form');
like($r->body, qr/type="password"/i, 'with a password field');
my ($user_field) = $r->body =~ /<input[^>]*name="(username|name)"/;
$r = $browser->post('/login', headers => \%html, form => [
    username => $evil, password => 'wrong' ]);
is($r->status, 401, 'a wrong password');
unlike($r->body, qr/<script>/, 'input is escaped');
$r = $browser->post('/login', headers => { %html, Origin => 'http://evil.test' },
    form => [ username => 'ann', password => $ann->{password} ]);
is($r->status, 403, 'another site cannot sign somebody in');
$r = $browser->post('/login', headers => { %html, Origin => 'http://localhost' },
    form => [ username => 'ann', password => $ann->{password} ]);
like($r->status, qr/^30[23]$/, 'the right password');
ok($browser->cookie('connect.sid'), 'a session cookie is set');

# ---- the vault
$r = page($browser, '/vault', 200, 'the vault');
like($r->body, qr/photo\.jpg/, 'shows the files');
like($r->body, qr/multipart\/form-data/, 'an upload form');
like($r->header('Cache-Control'), qr/no-store|private/,
    'not kept by shared caches');
$r = $browser->post('/vault/upload', headers => { %html,
    Origin => 'http://localhost' }, multipart => [ file => {
        filename => 'by form.jpg', body => T::Pictures->content('IMG_1054.JPG')
    } ]);
like($r->status, qr/^30[23]$/, 'an upload by form') or diag($r->body);
ok((grep { $_->{originalName} eq 'by form.jpg' } $app->files($api)),
    'the uploaded file is listed');
is($browser->post('/vault/upload', headers => { %html,
    Origin => 'http://evil.test' }, multipart => [ file => {
        filename => 'evil.jpg', body => 'x' } ])->status, 403,
    'not from another site');
is($api->patch("/api/user/media/$id{'photo.jpg'}", json => {
    title => $evil, caption => $evil })->status, 200, 'an evil title');
page($browser, '/vault', 200, 'the vault with an evil title');
$r = $browser->post("/vault/$id{'photo.jpg'}/share", headers => { %html,
    Origin => 'http://localhost' }, form => [ community => 'yes',
        shareToCommunity => 'yes', consent => 'yes', tags => 'nature' ]);
like($r->status, qr/^30[23]$/, 'shared by form') or diag($r->body);
my ($file) = grep { $_->{id} == $id{'photo.jpg'} } $app->files($api);
ok($file->{isShared}, 'it is shared');
ok($file->{shareToCommunity}, 'to the community');

# ---- what a stranger sees
my $guest = $app->client;
my $code = $file->{shareCode};
$r = page($guest, "/shared/media/$code", 200, 'the shared page');
for my $property (qw(og:title og:type og:url og:image)) {
    my ($value) = $r->body =~ /<meta[^>]+property="\Q$property\E"[^>]+content="([^"]*)"/;
    ok(defined $value, "$property is there");
    like($value, qr{^http://localhost/}, "$property is absolute")
        if $property =~ /url|image/;
}
my ($image) = $r->body =~ /property="og:image"[^>]+content="([^"]*)"/;
$image =~ s/&amp;/&/g;
is($guest->get($image =~ s{^http://localhost}{}r)->status, 200,
    'the picture of it opens');
my ($title) = $r->body =~ m{<title>(.*?)</title>}s;
unlike($title, qr/[<>]/, 'the title is escaped');
like($title, qr/&lt;script/, 'and shown');
$r = $guest->get("/shared/media/$code", headers => {
    Accept => 'application/json' });
is($r->status, 200, 'the share as JSON');
is($r->json->{name} // $r->json->{title}, $evil,
    'with the same title') if $r->json;
$r = $guest->head("/shared/media/$code", headers => \%html);
is($r->status, 200, 'HEAD');
is($r->header('Location'), undef, 'HEAD: no Location header');
$r = page($guest, '/community', 200, 'the community');
like($r->body, qr{/general/}, 'shows the published picture');

# ---- errors
$r = page($guest, '/nothing/here', 404, 'unknown page');
$r = $guest->get('/nothing/here', headers => { Accept => 'application/json' });
is($r->status, 404, 'unknown page as JSON');
ok($r->json->{message}, 'JSON error has a message');
page($guest, '/shared/media/' . ('x' x length $code), 404, 'unknown link');
is($guest->get('/shared/media/%ff', headers => \%html)->status, 400,
    'a path that is not UTF-8');

# ---- the rest
$r = $guest->get('/robots.txt');
is($r->status, 200, 'robots.txt');
like($r->body, qr/^User-agent: \*$/mi, 'robots.txt: applies to all robots');
is($guest->get('/healthz')->status, 200, 'healthy');
like($guest->get('/healthz?nonce=0123456789abcdef')->json->{proof}, qr/^.{27}$/,
    'the nonce is signed');
is($guest->get("/healthz?nonce=$_")->status, 400,
    "invalid nonce \"$_\" is refused")
    for '', 'short', 'a' x 65, '0123456789abcde%0a';
$r = $browser->post('/logout', headers => { %html,
    Origin => 'http://localhost' });
like($r->status, qr/^30[23]$/, 'signed out');
like($browser->get('/vault', headers => \%html)->status, qr/^30[23]$/,
    'the vault requires signing in again');

$app->finish;
done_testing;
