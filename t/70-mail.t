#!/usr/bin/perl
# Mail, against a Postfix with STARTTLS and AUTH: a password that is reset by
# it, as a person would do it.

use strict;
use warnings;
use JSON::PP ();
use T::App;
use T::Smtp;
use Test::More;

my $mta = T::Smtp->postfix(domains => [ 'xn--bcher-kva.example' ]);
my $secret = T::Proc->folder('mail');
T::Smtp::spew("$secret/password", "let me in\nand nothing else\n", 0644);
my %mail = ('mail.server' => $mta->url, 'mail.ca_file' => "$mta->{dir}/ca.pem",
    'mail.user' => 'mailer', 'mail.password_file' => "$secret/password",
    'mail.from' => 'site@vitrine.example', 'mail.pause' => '1s',
    'mail.timeout' => '5s', 'site.name' => 'Ännchens "Vitrine"');
my $app = T::App->new(conf => { %mail });
my $ann = $app->user('ann');
my $r = $app->client->post('/api/auth/reset', json => {
    email => 'ann@example.org' });
is($r->status, 202, 'asked') or diag $r->body;
my @m = $mta->wait_for(1, 5);
is(scalar @m, 1, 'arrived') or diag($app->log, $mta->log);
print "# $_\n" for map { split /\n/ } @m;
$app->finish;
done_testing;
