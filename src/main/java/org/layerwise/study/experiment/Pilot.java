package org.layerwise.study.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.json.JsonRecords;
import org.layerwise.study.experiment.rules.LayerChoice;
import org.layerwise.study.experiment.statistics.DifferenceSpread;
import org.layerwise.study.experiment.statistics.PairedPower;

/**
 * Result of a pilot, as {@code pilot.json} has it: the spread of the difference between random and all layers over a few
 * seeds on the validation rows, and what follows from it for the whole experiment. No test row is looked at.
 *
 * @param metric metric of the comparison
 * @param seeds number of seeds of the pilot
 * @param rows number of validation rows
 * @param differences difference of random from all layers for each seed
 * @param spreadOfSeeds standard deviation of the difference over seeds
 * @param spreadOfRows standard deviation over rows of the difference of a row; 0 if it is not known of single rows
 * @param comparisons number of arms that will be compared with all layers
 * @param level confidence of all intervals together
 * @param plannedSeeds number of seeds that the experiment asks for
 * @param smallestDifference smallest difference that the planned seeds would show with 80 % power on as many rows
 * @param difference difference that matters; null if none was named
 * @param neededSeeds seeds that show it with 80 % power on as many rows; null if too many or without a difference
 * @param neededSeedsAtMost the same for the upper limit of the spread over seeds; a pilot of few seeds often shows too
 *     small a spread
 * @param neededRows rows that show it with 80 % power with the planned seeds; null if too many, unknown, or without a
 *     difference
 * @param secondsPerRun seconds of a run by the id of the arm
 * @param hours hours of all runs of the experiment, with its choice of learning rates and its probe
 */
public record Pilot(
        String metric,
        int seeds,
        int rows,
        List<Double> differences,
        double spreadOfSeeds,
        double spreadOfRows,
        int comparisons,
        double level,
        int plannedSeeds,
        double smallestDifference,
        @Nullable Double difference,
        @Nullable Integer neededSeeds,
        @Nullable Integer neededSeedsAtMost,
        @Nullable Integer neededRows,
        Map<String, Double> secondsPerRun,
        double hours) {

    static final String NAME = "pilot.json";

    /** Arms of a pilot: the two that all others are compared with. */
    static final List<Arm> ARMS = List.of(Arm.ALL, Arm.RANDOM);

    /** Least number of seeds from which a spread can be computed. */
    public static final int LEAST_SEEDS = 2;

    private static final double POWER = 0.8;
    private static final double SECONDS_PER_HOUR = 3600;
    private static final double MINUTES_PER_HOUR = 60;

    public Pilot {
        differences = List.copyOf(differences);
    }

    /**
     * Returns the result of a pilot.
     *
     * @param settings settings of the whole experiment
     * @param spread spread of the difference between random and all layers
     * @param secondsPerRun seconds of a run on all and on random layers, by the id of the arm
     * @param runsPerSweep number of whole trainings that the choice of an arm's learning rate takes
     * @param probe share of a training on all layers that a probe takes; 0 without one
     */
    static Pilot of(
            ExperimentSettings settings,
            String metric,
            int rows,
            List<Double> differences,
            DifferenceSpread spread,
            Map<String, Double> secondsPerRun,
            double runsPerSweep,
            double probe) {
        int comparisons = Math.max(1, (int)
                settings.arms().stream().filter(arm -> !arm.equals(Arm.ALL)).count());
        double level = settings.level(ExperimentPlan.plannedSeeds(settings));
        PairedPower power = new PairedPower(comparisons, level, POWER);
        int planned = Math.max(LEAST_SEEDS, settings.seeds());
        Double difference = settings.rules().difference();
        double seconds = settings.trained().stream()
                        .mapToDouble(arm -> seconds(secondsPerRun, arm) * (runsPerSweep + settings.seeds()))
                        .sum()
                + probe * seconds(secondsPerRun, Arm.ALL);
        return new Pilot(
                metric,
                differences.size(),
                rows,
                differences,
                spread.seeds(),
                spread.rows(),
                comparisons,
                level,
                settings.seeds(),
                power.smallestDifference(spread, planned, rows),
                difference,
                difference == null ? null : boxed(power.seeds(spread, rows, difference)),
                difference == null ? null : boxed(power.seeds(spread.upper(POWER), rows, difference)),
                difference == null || spread.rows() == 0 ? null : boxed(power.rows(spread, planned, difference)),
                secondsPerRun,
                seconds / SECONDS_PER_HOUR);
    }

    private static double seconds(Map<String, Double> secondsPerRun, Arm arm) {
        boolean all = arm.choice() == LayerChoice.Plain.ALL;
        return secondsPerRun.getOrDefault((all ? Arm.ALL : Arm.RANDOM).id(), 0.0);
    }

    private static @Nullable Integer boxed(OptionalInt number) {
        return number.isPresent() ? number.getAsInt() : null;
    }

    /**
     * Reads the pilot of an experiment's folder; empty if it has none.
     *
     * @throws org.layerwise.base.UserException if the file cannot be read
     */
    public static Optional<Pilot> read(Path out) {
        Path file = out.resolve(NAME);
        return Files.isRegularFile(file)
                ? Optional.of(JsonRecords.read(file, Pilot.class, "Run the pilot again."))
                : Optional.empty();
    }

    void write(Path out) {
        JsonRecords.write(out.resolve(NAME), this);
    }

    /** Returns the result in sentences, one a line. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "Pilot of %d seeds on %,d validation rows: %s of random layers less that of all layers varies by %s"
                        + " over seeds%s.",
                seeds,
                rows,
                metric,
                ReportNumbers.metric(spreadOfSeeds),
                spreadOfRows == 0 ? "" : " and by %s over rows".formatted(ReportNumbers.metric(spreadOfRows))));
        lines.add("%s seeds show a difference of %s with 80 %% power, in %s, on as many rows."
                .formatted(
                        Math.max(LEAST_SEEDS, plannedSeeds),
                        ReportNumbers.metric(smallestDifference),
                        comparisons == 1 ? "one comparison" : comparisons + " comparisons at once"));
        if (difference != null) {
            lines.add("A difference of %s needs %s on as many rows%s%s."
                    .formatted(
                            ReportNumbers.rate(difference),
                            needed(neededSeeds, "seeds", PairedPower.MOST_SEEDS),
                            neededSeedsAtMost == null || neededSeedsAtMost.equals(neededSeeds)
                                    ? ""
                                    : " (up to %s, since the spread of so few seeds is uncertain)"
                                            .formatted(neededSeedsAtMost),
                            spreadOfRows == 0
                                    ? ""
                                    : ", or %s with %s seeds"
                                            .formatted(
                                                    needed(neededRows, "rows", PairedPower.MOST_ROWS),
                                                    Math.max(LEAST_SEEDS, plannedSeeds))));
        }
        lines.add("The whole experiment with %s seeds will take %s at the speed of this pilot."
                .formatted(plannedSeeds, time(hours)));
        return lines;
    }

    private static String time(double hours) {
        if (hours >= 1) {
            return String.format(Locale.ROOT, "about %.1f hours", hours);
        }
        double minutes = hours * MINUTES_PER_HOUR;
        if (minutes < 1) {
            return "less than a minute";
        }
        long whole = Math.round(minutes);
        return whole == 1 ? "about a minute" : "about %s minutes".formatted(whole);
    }

    private static String needed(@Nullable Integer number, String what, int most) {
        return number == null
                ? String.format(Locale.ROOT, "more than %,d %s", most, what)
                : String.format(Locale.ROOT, "%,d %s", number, what);
    }
}
