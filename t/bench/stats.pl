#!/usr/bin/perl
# stats.pl FIGURES SAMPLES HEAD [--json]: the table of contrib/bench. Here is
# all of its arithmetic: a value is the median of its rounds, of which each is
# the median of its samples; a ratio is the median of the rounds' ratios.
# Ends with 1 if a figure could not be measured.

use strict;
use warnings;
use JSON::PP;

my ($figures, $samples, $head, $json) = @ARGV;
my (%of, %notes, %broken, %asked, @lines);

sub median {
    my @v = sort { $a <=> $b } @_;
    return undef if !@v;
    return @v % 2 ? $v[@v / 2] : ($v[@v / 2 - 1] + $v[@v / 2]) / 2;
}

sub lines_of {
    my ($path) = @_;
    open my $fh, '<', $path or die "$path: $!\n";
    return map { chomp; $_ } grep { !/^#/ && /\S/ } <$fh>;
}

for (lines_of($samples)) {
    my ($measure, $round, $side, $value) = split /\t/, $_, 4;
    if ($side eq 'note') {
        push @{ $notes{$measure} }, $value;
    } elsif ($side eq 'broken') {
        $broken{$measure} = $value;
    } elsif ($side eq 'asked') {
        $asked{$measure} = 1;
    } else {
        push @{ $of{$measure}{$side}{$round} }, $value;
    }
}

# The median and the range of a side.
sub summary {
    my ($measure, $side) = @_;
    my $rounds = $of{$measure}{$side} or return undef;
    my @v = map { @$_ } values %$rounds;
    my ($least, $most) = (sort { $a <=> $b } @v)[0, -1];
    return { median => median(map { median(@$_) } values %$rounds),
        least => $least, most => $most };
}

sub ratio {
    my ($measure, $other) = @_;
    my ($a, $b) = @{ $of{$measure} }{'vitrine', $other};
    return undef if !$a || !$b;
    return median(map { median(@{ $a->{$_} }) / (median(@{ $b->{$_} }) || 1) }
        grep { $b->{$_} } keys %$a);
}

sub holds {
    my ($goal, $value, $ratio) = @_;
    my ($x, $op, $limit) = $goal =~ /^(x )?(<|<=|>=) ([\d.]+)$/
        or die "goal $goal\n";
    my $v = $x ? $ratio : $value;
    return undef if !defined $v;
    return $op eq '<' ? $v < $limit : $op eq '<=' ? $v <= $limit
        : $v >= $limit;
}

sub word {
    my ($v) = @_;
    return defined $v ? $v ? 'yes' : 'NO' : '';
}

sub number {
    my ($v) = @_;
    return '' if !defined $v;
    return sprintf $v >= 100 ? '%.0f' : $v >= 10 ? '%.1f' : '%.2f', $v;
}

sub range {
    my ($s) = @_;
    return $s ? number($s->{least}) . '-' . number($s->{most}) : '';
}

for (lines_of($figures)) {
    my ($measure, $figure, $what, $unit, $goal, $others) = split /\t/;
    my %l = (name => $measure, figure => $figure, what => $what,
        unit => $unit, goal => $goal || undef, others_goal => $others);

    next if !$asked{$figure};
    $l{$_} = summary($measure, $_) for qw(vitrine floor php node);
    $l{ratio} = ratio($measure, 'floor');
    $l{"${_}_ratio"} = ratio($measure, $_) for qw(php node);
    $l{why} = $broken{$figure} if defined $broken{$figure};
    if (!defined $l{why}) {
        $l{met} = holds($goal, $l{vitrine}{median}, $l{ratio}) if $goal;
        $l{others_met} = !grep { !holds($others, undef, $l{"${_}_ratio"}) }
            qw(php node) if $others;
    }
    $l{notes} = $notes{$measure} if $notes{$measure};
    push @lines, \%l;
}

sub bool {
    my ($v) = @_;
    return defined $v ? $v ? JSON::PP::true : JSON::PP::false : undef;
}

if ($json) {
    $_->{met} = bool($_->{met}), $_->{others_met} = bool($_->{others_met})
        for @lines;
    print JSON::PP->new->canonical->pretty->encode({ figures => \@lines,
        machine => [ lines_of($head) ] });
    exit(%broken ? 1 : 0);
}

my $row = "%-31s %2s %8s %15s %8s %15s %6s %8s %3s  %7s %6s %7s %6s %3s\n";
my @below;
print map { "$_\n" } lines_of($head);
print "\n";
printf $row, '', '', 'Vitrine', 'min-max', 'floor', 'min-max', 'ratio',
    'goal', 'met', 'PHP', 'ratio', 'Node', 'ratio', '3x';
for my $l (@lines) {
    printf $row, @$l{qw(what unit)},
        number($l->{vitrine} && $l->{vitrine}{median}), range($l->{vitrine}),
        number($l->{floor} && $l->{floor}{median}), range($l->{floor}),
        number($l->{ratio}), $l->{goal} // '',
        defined $l->{why} ? '!' : word($l->{met}),
        map({ number($l->{$_} && $l->{$_}{median}),
            number($l->{"${_}_ratio"}) } qw(php node)),
        word($l->{others_met});
    push @below, map { "$l->{what}: $_" } @{ $l->{notes} // [] };
}
push @below, map { "! $_ could not be measured: $broken{$_}" }
    sort keys %broken;
print "\n", map { "$_\n" } @below if @below;
exit(%broken ? 1 : 0);
