package org.layerwise.study.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.layerwise.base.CancelledException;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Yaml;
import org.layerwise.run.FileHash;
import org.layerwise.run.Run;
import org.layerwise.run.RunState;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.experiment.rules.ExperimentRules;
import org.layerwise.study.experiment.rules.PlanStatus;
import org.layerwise.study.experiment.rules.Stopping;
import org.layerwise.study.experiment.rules.SweepRule;
import org.layerwise.study.training.Runs;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

/** An experiment's plan, and learning rates by successive halving. */
class ExperimentPlanTest extends TinyExperiment {

    private static final int STEPS = 8;
    private static final List<Double> RATES = List.of(1e-4, 1e-3, 5e-3, 1e-2);

    private ExperimentSettings settings(List<Arm> arms, List<Double> rates, int seeds, String out) {
        return settings(training(STEPS, 2, 4, null), AnalysisSettings.defaults(), arms, rates, seeds, out);
    }

    private ExperimentResult run(ExperimentSettings settings) {
        return run(settings, Progress.none(), ExperimentListener.none());
    }

    private static ExperimentRules rule(SweepRule sweep) {
        return new ExperimentRules(sweep, Stopping.NONE, null);
    }

    @Test
    void thePlanIsThereBeforeTheFirstRunAndItsHashInTheReport() throws IOException {
        ExperimentSettings settings = settings(List.of(Arm.ALL, Arm.LAST), List.of(1e-3), 2, "out");
        Path file = settings.out().resolve("plan.yaml");
        List<String> seen = new ArrayList<>();
        ExperimentResult result = run(settings, Progress.none(), new ExperimentListener() {
            @Override
            public TrainingListener begins(Cell cell, int number, int of) {
                assertThat(file).exists();
                seen.add(cell.folder());
                return TrainingListener.none();
            }
        });

        assertThat(seen).hasSize(4);
        JsonNode plan = Yaml.read(file);
        assertThat(plan.path("arms").asText()).isEqualTo("all,last");
        assertThat(plan.path("metric").asText()).isEqualTo("accuracy");
        assertThat(plan.path("seeds").asInt()).isEqualTo(2);
        assertThat(plan.path("steps").asInt()).isEqualTo(STEPS);
        assertThat(plan.path("compared-with").asText()).isEqualTo("all");
        assertThat(plan.path("training-rows-sha256").asText()).hasSize(64);
        List<String> lines = Files.readAllLines(file);
        String above = String.join("\n", lines.subList(0, lines.size() - 1)) + "\n";
        assertThat(lines.get(lines.size() - 1)).isEqualTo("sha256: \"%s\"".formatted(FileHash.sha256(above)));
        assertThat(result.plan().isExploratory()).isFalse();
        assertThat(settings.out().resolve("report.md")).content().contains(FileHash.sha256(above));
    }

    @Test
    void moreSeedsAreSaidAndOtherChangesMakeItExploratory() {
        List<Arm> arms = List.of(Arm.ALL, Arm.LAST);
        run(settings(arms, List.of(1e-3), 1, "out"));

        PlanStatus raised = run(settings(arms, List.of(1e-3), 2, "out")).plan();
        assertThat(raised.isExploratory()).isFalse();
        assertThat(raised.seeds()).isEqualTo(1);
        assertThat(raised.sentences()).contains("The number of seeds was raised after the plan, from 1 to 2.");

        PlanStatus fewer =
                run(settings(List.of(Arm.ALL), List.of(1e-3), 1, "out")).plan();
        assertThat(fewer.deviations()).containsExactly("arms is all,last in the plan, but all now");
        assertThat(run(settings(arms, List.of(1e-3), 1, "out")).plan().isExploratory())
                .as("it is as planned again")
                .isFalse();
    }

    @Test
    void aPlanThatWasEditedOrLostMakesItExploratory() throws IOException {
        ExperimentSettings settings = settings(List.of(Arm.ALL), List.of(1e-3), 1, "out");
        run(settings);
        Path file = settings.out().resolve("plan.yaml");
        Files.writeString(file, Files.readString(file).replace("level: \"0.95\"", "level: \"0.9\""));
        assertThat(run(settings).plan().deviations())
                .containsExactly(
                        "plan.yaml was changed after it was written", "level is 0.9 in the plan, but 0.95 now");

        Files.delete(file);
        PlanStatus lost = run(settings).plan();
        assertThat(lost.deviations()).containsExactly("its runs began without a plan");
        assertThat(file).as("no plan is made up afterwards").doesNotExist();
        assertThat(settings.out().resolve("report.md"))
                .content()
                .contains("Exploratory: its runs began without a plan");
    }

    @Test
    void theBetterHalfGoesOnAndIsAsIfUnbroken() {
        List<Arm> arms = List.of(Arm.ALL, Arm.LAST);
        ExperimentResult halved = run(settings(arms, RATES, 1, "halving"));
        ExperimentResult full = run(settings(arms, RATES, 1, "full").with(rule(SweepRule.FULL)));

        for (Arm arm : arms) {
            List<TrainingSummary> summaries = halved.sweep().entrySet().stream()
                    .filter(entry -> entry.getKey().arm().equals(arm))
                    .map(Map.Entry::getValue)
                    .toList();
            assertThat(summaries).extracting(TrainingSummary::steps).containsExactlyInAnyOrder(2, 2, STEPS, STEPS);
            assertThat(halved.arm(arm).orElseThrow().tried()).hasSize(4);
        }
        halved.sweep().forEach((cell, summary) -> {
            assertThat(summary.test()).isNull();
            if (summary.steps() == STEPS) {
                assertThat(summary.cancelled()).isFalse();
                assertThat(summary.after()).isEqualTo(full.sweep().get(cell).after());
                assertThat(summary.finalLoss()).isEqualTo(full.sweep().get(cell).finalLoss());
            } else {
                assertThat(Run.open(summary.folder()).state()).isEqualTo(RunState.CANCELLED);
                assertThat(summary.after()).isNotNull();
            }
        });
        for (ArmResult arm : halved.arms()) {
            assertThat(halved.sweep().entrySet().stream()
                            .filter(entry -> entry.getKey().arm().equals(arm.arm())
                                    && entry.getKey().rate() == arm.rate())
                            .map(entry -> entry.getValue().steps()))
                    .as("the chosen rate was trained to the end")
                    .containsExactly(STEPS);
        }
    }

    @Test
    void aSweepThatWasStoppedGoesOnAndChoosesTheSame() {
        ExperimentSettings settings = settings(List.of(Arm.ALL), RATES, 1, "stopped");
        boolean[] stop = new boolean[1];
        Progress progress = new Progress() {
            @Override
            public void report(double fraction, String message) {
                assertThat(fraction).isBetween(0.0, 1.0);
            }

            @Override
            public boolean cancelled() {
                return stop[0];
            }
        };
        // the fifth start is the first of those that go on to a half of the steps
        List<Integer> numbers = new ArrayList<>();
        assertThatThrownBy(() -> run(settings, progress, new ExperimentListener() {
                    @Override
                    public TrainingListener begins(Cell cell, int number, int of) {
                        numbers.add(number);
                        assertThat(of).isEqualTo(4 + 2 + 2 + 1);
                        return stoppingAt(number == 5 ? 3 : -1, stop);
                    }
                }))
                .isInstanceOf(CancelledException.class);
        assertThat(numbers).containsExactly(1, 2, 3, 4, 5);
        stop[0] = false;

        List<Cell> resumed = new ArrayList<>();
        ExperimentResult result = run(settings, Progress.none(), new ExperimentListener() {
            @Override
            public void ended(Cell cell, Runs.Ended ended) {
                resumed.add(cell);
            }
        });
        ExperimentResult whole = run(settings(List.of(Arm.ALL), RATES, 1, "whole"));
        assertThat(resumed).as("no quarter is trained again").hasSize(2 + 2 + 1);
        assertThat(result.arms().get(0).tried()).isEqualTo(whole.arms().get(0).tried());
        assertThat(result.arms().get(0).values()).isEqualTo(whole.arms().get(0).values());
    }

    private static TrainingListener stoppingAt(int last, boolean[] stop) {
        return new TrainingListener() {
            @Override
            public void step(StepRecord step) {
                stop[0] |= step.step() == last;
            }

            @Override
            public void evaluated(int step, Evaluation evaluation) {
                // not looked at
            }
        };
    }

    @Test
    void aPilotLooksAtNoTestRowAndItsRunsAreNoFinalOnes() {
        ExperimentSettings usual = settings(List.of(Arm.ALL, Arm.RANDOM, Arm.LAST), List.of(1e-3, 5e-3), 2, "out");
        ExperimentSettings settings = new ExperimentSettings(
                        usual.model(),
                        usual.data(),
                        usual.training().withHeldOut(rows, rows),
                        usual.analysis(),
                        usual.arms(),
                        usual.rates(),
                        usual.seeds(),
                        usual.out())
                .with(new ExperimentRules(null, Stopping.NONE, 0.1));
        List<Cell> begun = new ArrayList<>();
        ExperimentListener listener = new ExperimentListener() {
            @Override
            public TrainingListener begins(Cell cell, int number, int of) {
                begun.add(cell);
                assertThat(of).isEqualTo(4 + 6);
                return TrainingListener.none();
            }
        };
        Pilot pilot =
                new ExperimentJob(workbench, model, settings).pilot(3, new PauseSwitch(), Progress.none(), listener);

        assertThat(begun).hasSize(10).allMatch(cell -> cell.purpose() == Cell.Purpose.SWEEP);
        assertThat(begun).extracting(Cell::seed).contains(6L, 5L, 4L, 3L).doesNotContain(7L, 8L);
        assertThat(settings.out().resolve("runs/final")).doesNotExist();
        assertThat(settings.out().resolve("plan.yaml")).doesNotExist();
        for (Cell cell : begun) {
            assertThat(Run.open(settings.out().resolve(cell.folder()))
                            .identity()
                            .test())
                    .isNull();
        }
        assertThat(pilot.seeds()).isEqualTo(3);
        assertThat(pilot.comparisons()).isEqualTo(2);
        for (int i = 0; i < 3; i++) {
            double all = accuracy(settings, Arm.ALL, begun, 5 - i);
            double random = accuracy(settings, Arm.RANDOM, begun, 5 - i);
            assertThat(pilot.differences().get(i)).isEqualTo(random - all);
        }
        assertThat(pilot.hours()).isPositive();
        assertThat(settings.out().resolve("pilot.json")).isNotEmptyFile();

        begun.clear();
        ExperimentResult result = run(settings, Progress.none(), new ExperimentListener() {
            @Override
            public TrainingListener begins(Cell cell, int number, int of) {
                begun.add(cell);
                return TrainingListener.none();
            }
        });
        assertThat(begun).as("the sweep of two arms is there").hasSize(2 + 6);
        assertThat(result.plan().deviations()).isEmpty();
        assertThat(Yaml.read(settings.out().resolve("plan.yaml"))
                        .path("pilot-sha256")
                        .asText())
                .isEqualTo(FileHash.sha256(settings.out().resolve("pilot.json")));
    }

    private static double accuracy(ExperimentSettings settings, Arm arm, List<Cell> begun, long seed) {
        Cell cell = begun.stream()
                .filter(one -> one.arm().equals(arm) && one.seed() == seed)
                .findFirst()
                .orElseThrow();
        return Run.open(settings.out().resolve(cell.folder()))
                .summary()
                .orElseThrow()
                .after()
                .metrics()
                .get("accuracy");
    }

    @Test
    void theEarlyLookIsAfterHalfOfThePlannedSeedsAndTakesItsPartOfTheErrors() {
        ExperimentRules rules = new ExperimentRules(null, Stopping.HALF, null);
        ExperimentSettings settings =
                settings(List.of(Arm.ALL, Arm.LAST), List.of(1e-3), 5, "out").with(rules);
        List<Long> seeds = new ArrayList<>();
        ExperimentResult result = run(settings, Progress.none(), new ExperimentListener() {
            @Override
            public void ended(Cell cell, Runs.Ended ended) {
                seeds.add(cell.seed());
            }
        });

        assertThat(seeds).startsWith(7L, 7L, 8L, 8L, 9L, 9L);
        JsonNode plan = Yaml.read(settings.out().resolve("plan.yaml"));
        assertThat(plan.path("stopping").asText()).isEqualTo("half");
        assertThat(plan.path("level").asText()).isEqualTo("0.955");
        boolean stopped = result.remarks().stream().anyMatch(remark -> remark.contains("stopped after 3 of 5 seeds"));
        assertThat(result.arm(Arm.LAST).orElseThrow().runs()).hasSize(stopped ? 3 : 5);
        assertThat(result.arm(Arm.ALL).orElseThrow().runs()).hasSize(5);
        assertThatThrownBy(() -> run(
                        settings(List.of(Arm.LAST), List.of(1e-3), 5, "other").with(rules)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("add all to --arms");
    }

    /** One seed has no look, so its intervals have 95 %, and more seeds do not bring one. */
    @Test
    void theLevelIsThatOfThePlannedSeeds() {
        ExperimentRules rules = new ExperimentRules(null, Stopping.HALF, null);
        run(settings(List.of(Arm.ALL), List.of(1e-3), 1, "out").with(rules));
        ExperimentSettings more =
                settings(List.of(Arm.ALL), List.of(1e-3), 4, "out").with(rules);
        assertThat(more.level(1)).isEqualTo(0.95);
        assertThat(more.level(4)).isEqualTo(0.955);

        ExperimentResult result = run(more);
        assertThat(result.plan().deviations()).isEmpty();
        assertThat(result.plan().notes())
                .containsExactly("The number of seeds was raised after the plan, from 1 to 4.");
    }

    @Test
    void anExperimentOfAnEarlierVersionKeepsItsSweep() throws IOException {
        ExperimentSettings settings = settings(List.of(Arm.ALL), RATES, 1, "out");
        run(settings.with(rule(SweepRule.FULL)));
        Path file = settings.out().resolve("experiment.yaml");
        assertThat(file).content().contains("sweep: full");
        Files.writeString(file, Files.readString(file).replace("sweep: full\n", ""));
        Files.delete(settings.out().resolve("plan.yaml"));

        List<Cell> begun = new ArrayList<>();
        ExperimentResult result = run(settings, Progress.none(), new ExperimentListener() {
            @Override
            public TrainingListener begins(Cell cell, int number, int of) {
                begun.add(cell);
                return TrainingListener.none();
            }
        });
        assertThat(begun).isEmpty();
        assertThat(result.plan().isExploratory()).isTrue();
        assertThatThrownBy(() -> run(settings.with(rule(SweepRule.HALVING))))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("began with sweep full, not halving; leave it as it was");
    }

    @Test
    void evaluationsThatDecideMoreAreLeftAsTheyAre() {
        ExperimentSettings settings = settings(List.of(Arm.ALL), RATES, 1, "out");
        TrainingSettings best = settings.training().with(RunSettings.KEEP_BEST, true);
        ExperimentSettings keeping = new ExperimentSettings(
                settings.model(),
                settings.data(),
                best,
                settings.analysis(),
                settings.arms(),
                settings.rates(),
                settings.seeds(),
                settings.out());
        assertThatThrownBy(() -> run(keeping.with(rule(SweepRule.HALVING))))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--sweep halving is not possible with --keep-best or --patience");
        assertThat(run(keeping).settings().rules().sweep()).isEqualTo(SweepRule.FULL);
    }
}
