#!/usr/bin/perl
# Prints a mail that Vitrine sent: its main headers and plain text.

use strict;
use warnings;
use Encode qw(decode decode_utf8);
use MIME::Base64 qw(decode_base64);
use MIME::QuotedPrint qw(decode_qp);

binmode STDIN;
binmode STDOUT, ':encoding(UTF-8)';
my $mail = do { local $/; <STDIN> } // '';
$mail =~ s/\r\n/\n/g;
my ($head, $body) = split /\n\n/, $mail, 2;
die "not a mail\n" if !defined $body;
$head =~ s/\n[ \t]+/ /g;
# Removes control characters, which a terminal would act on.
sub shown { return $_[0] =~ s/[^\P{Cc}\n\t]//gr }

for my $name (qw(Date From To Subject)) {
    my ($value) = $head =~ /^$name: (.*)$/m or next;
    printf "%-9s%s\n", "$name:", shown(decode('MIME-Header', $value));
}
my ($boundary) = $head =~ /boundary="([^"]+)"/
    or die "not a mail from Vitrine: no boundary\n";
for my $part (split /^--\Q$boundary\E(?:--)?\n/m, $body) {
    my ($kind, $text) = split /\n\n/, $part, 2;
    next if !defined $text || $kind !~ m{^Content-Type: text/plain}m;
    $text = $kind =~ /: base64$/m ? decode_base64($text) : decode_qp($text);
    print "\n", shown(decode_utf8($text));
}
