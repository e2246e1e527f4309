package org.layerwise.study.experiment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.layerwise.base.Decimals;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.json.Yaml;
import org.layerwise.run.FileHash;
import org.layerwise.run.Provenance;
import org.layerwise.run.RowsIdentity;
import org.layerwise.run.RunIdentity;
import org.layerwise.run.RunStore;
import org.layerwise.settings.BestMetric;
import org.layerwise.study.experiment.rules.ExperimentRules;
import org.layerwise.study.experiment.rules.PlanStatus;
import org.layerwise.study.experiment.rules.SweepRule;
import org.layerwise.study.training.PlannedTraining;

/**
 * File {@code plan.yaml} of an experiment: what will be compared, how, and what will count as a difference, written
 * before the first final run. Its last line is the SHA-256 hash of all lines above it, which the report repeats.
 *
 * @param content entries by name, without the hash
 */
record ExperimentPlan(Map<String, Object> content) {

    static final String NAME = "plan.yaml";

    private static final String WRITTEN = "written";
    private static final String SEEDS = "seeds";
    private static final String PILOT = "pilot-sha256";
    private static final String HASH = "sha256";

    /**
     * Returns the plan of an experiment.
     *
     * @param settings settings with a known rule for the learning rates
     * @param planned training with the rows of the experiment
     */
    static ExperimentPlan of(ExperimentSettings settings, PlannedTraining planned) {
        Map<String, Object> content = new LinkedHashMap<>();
        BestMetric metric =
                BestMetric.of(settings.training().values(), settings.data().preset(), planned.task());
        ExperimentRules rules = settings.rules();
        SweepRule sweep = rules.sweep();
        content.put(WRITTEN, Provenance.now());
        content.put("model", planned.model().card().name());
        content.put("arms", settings.arms().stream().map(Arm::id).collect(Collectors.joining(",")));
        content.put("lrs", settings.rates().stream().map(ReportNumbers::rate).collect(Collectors.joining(",")));
        content.put("sweep", sweep == null || settings.rates().size() == 1 ? "none" : sweep.id());
        content.put("sweep-seed", settings.grid().sweepSeed());
        int steps = planned.steps(settings.training());
        content.put("steps", steps);
        ProbeRun.of(settings, steps).ifPresent(probe -> content.put("probe", probe.words()));
        if (settings.arms().contains(Arm.PRUNED)) {
            content.put(Arm.PRUNED.id(), PrunedRuns.words(settings));
        }
        content.put("first-seed", settings.training().seed());
        content.put(SEEDS, settings.seeds());
        content.put("metric", metric.name());
        content.put("better", metric.lessIsBetter() ? "lower" : "higher");
        content.put("measured-on", settings.training().test() == null ? "validation" : "test");
        RunIdentity rows = planned.inputs();
        content.put("training-rows-sha256", rows.rows().sha256());
        if (!rows.validation().isEmpty()) {
            content.put(
                    "validation-rows-sha256",
                    rows.validation().stream().map(RowsIdentity::sha256).collect(Collectors.joining(",")));
        }
        if (rows.test() != null) {
            content.put("test-rows-sha256", rows.test().sha256());
        }
        content.put(
                "compared-with",
                settings.arms().stream()
                        .filter(List.of(Arm.ALL, Arm.RANDOM)::contains)
                        .map(Arm::id)
                        .collect(Collectors.joining(",")));
        content.put("level", Decimals.shortest(settings.level(plannedSeeds(settings))));
        content.put(
                "counts-as-a-difference", "the simultaneous interval of a difference at this level does not hold 0");
        if (rules.difference() != null) {
            content.put("difference-that-matters", ReportNumbers.rate(rules.difference()));
        }
        content.put("stopping", rules.stopping().id());
        Path pilot = settings.out().resolve(Pilot.NAME);
        if (Files.isRegularFile(pilot)) {
            content.put(PILOT, FileHash.sha256(pilot));
        }
        return new ExperimentPlan(content);
    }

    /** Returns the number of seeds of the plan in the experiment's folder; that of the settings if there is none. */
    static int plannedSeeds(ExperimentSettings settings) {
        Path file = settings.out().resolve(NAME);
        return Files.exists(file) ? Math.max(1, seeds(read(file))) : settings.seeds();
    }

    private String text() {
        String entries = Yaml.write(content);
        return "%s%s: \"%s\"\n".formatted(entries, HASH, FileHash.sha256(entries));
    }

    /**
     * Compares this plan with the one in the experiment's folder, which is written if no final run has begun yet.
     *
     * @throws UserException if the file cannot be read or written, or is not YAML
     */
    PlanStatus status(Path out) {
        Path file = out.resolve(NAME);
        if (!Files.exists(file)) {
            if (measured(out)) {
                int seeds = Integer.parseInt(String.valueOf(content.get(SEEDS)));
                return new PlanStatus("", seeds, List.of("its runs began without a plan"), List.of());
            }
            AtomicFiles.writeString(file, text());
        }
        return status(file, read(file));
    }

    /** Returns true if a run of the folder has begun that the report measures, other than those of a pilot or sweep. */
    private static boolean measured(Path out) {
        Path finals = out.resolve(Cell.Purpose.FINAL.folder());
        return Files.isDirectory(finals) && begun(finals);
    }

    /** Returns true if the folder has runs that have begun, other than a probe, which is on all layers in any case. */
    static boolean begun(Path out) {
        Path probes = out.resolve(Cell.Purpose.PROBE.folder());
        return new RunStore(out)
                .runs(remark -> {}).stream()
                        .anyMatch(
                                run -> !run.layers().isEmpty() && !run.folder().startsWith(probes));
    }

    private PlanStatus status(Path file, ObjectNode then) {
        String hash = then.path(HASH).asText("");
        List<String> deviations = new ArrayList<>();
        if (!hash.equals(FileHash.sha256(above(file)))) {
            deviations.add("plan.yaml was changed after it was written");
        }
        List<String> notes = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>(content.keySet());
        then.fieldNames().forEachRemaining(names::add);
        names.removeAll(Set.of(WRITTEN, PILOT, HASH));
        for (String name : names) {
            String planned = then.path(name).asText("");
            String now = String.valueOf(content.getOrDefault(name, ""));
            if (planned.equals(now)) {
                continue;
            }
            if (name.equals(SEEDS) && seeds(then) < Integer.parseInt(now)) {
                notes.add("The number of seeds was raised after the plan, from %s to %s.".formatted(planned, now));
            } else {
                deviations.add("%s is %s in the plan, but %s now"
                        .formatted(name, planned.isEmpty() ? "not set" : planned, now.isEmpty() ? "not set" : now));
            }
        }
        return new PlanStatus(hash, Math.max(1, seeds(then)), deviations, notes);
    }

    /** Returns the number of seeds of a plan; 0 if it has none. */
    private static int seeds(ObjectNode plan) {
        String text = plan.path(SEEDS).asText("");
        return text.matches("\\d{1,6}") ? Integer.parseInt(text) : 0;
    }

    /** Returns the lines above the last one, which has the hash. */
    private static String above(Path file) {
        String text = text(file);
        return text.substring(0, text.lastIndexOf('\n', text.length() - 2) + 1);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }

    private static ObjectNode read(Path file) {
        return Yaml.read(file);
    }
}
