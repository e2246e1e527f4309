package org.layerwise.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.CsvText;
import org.layerwise.base.Decimals;
import org.layerwise.base.json.Json;
import org.layerwise.selection.LayerList;

/**
 * Table of runs.
 *
 * @param runs runs in the order of the table
 */
public record RunTable(List<RunOverview> runs) {

    /** Settings that differ between all runs and are left out of comparisons. */
    private static final Set<String> NO_SETTINGS = Set.of("out");

    public RunTable {
        runs = List.copyOf(runs);
    }

    /** Returns the table in another order; runs with equal values keep their order. */
    public RunTable sorted(RunColumn by) {
        return new RunTable(runs.stream().sorted(by.order()).toList());
    }

    /**
     * Returns the settings in which the runs differ, by name. Each has one value per run, empty if the run does not
     * have the setting. Differences of the environment (versions, threads, device) follow.
     */
    public Map<String, List<String>> differences() {
        Map<String, List<String>> differences = new LinkedHashMap<>();
        add(differences, Run::config);
        add(differences, Run::environment);
        return differences;
    }

    private void add(Map<String, List<String>> differences, Function<Run, Map<String, String>> settings) {
        Set<String> names = new LinkedHashSet<>();
        runs.forEach(overview -> names.addAll(settings.apply(overview.run()).keySet()));
        names.removeAll(NO_SETTINGS);
        for (String name : names) {
            List<String> values = runs.stream()
                    .map(overview -> settings.apply(overview.run()).getOrDefault(name, ""))
                    .toList();
            if (new TreeSet<>(values).size() > 1) {
                differences.putIfAbsent(name, values);
            }
        }
    }

    /**
     * Returns the table as CSV with one line per run. Numbers have full precision; missing values are empty.
     *
     * @param withDifferences true if the settings that differ follow as columns
     */
    public String csv(boolean withDifferences) {
        Map<String, List<String>> differences = withDifferences ? differences() : Map.of();
        StringBuilder text = new StringBuilder("folder,name,state,reason,created,model,data,task,layers,of,variant,"
                + "trainable_parameters,steps,total_steps,metric,validation,test,seconds,peak_memory_bytes,"
                + "validation_low,validation_high,test_low,test_high,peak_memory_of,validation_step");
        differences.keySet().forEach(name -> text.append(',').append(CsvText.quoted(name)));
        text.append('\n');
        for (int i = 0; i < runs.size(); i++) {
            List<String> cells = cells(runs.get(i));
            for (List<String> values : differences.values()) {
                cells.add(values.get(i));
            }
            text.append(String.join(",", cells.stream().map(CsvText::quoted).toList()))
                    .append('\n');
        }
        return text.toString();
    }

    private static List<String> cells(RunOverview overview) {
        Run run = overview.run();
        return new ArrayList<>(List.of(
                run.folder().toString(),
                run.name(),
                run.state().id(),
                run.reason() == null ? "" : run.reason(),
                run.created(),
                run.model(),
                run.data(),
                run.task(),
                LayerList.format(run.layers()),
                String.valueOf(run.of()),
                overview.variant(),
                words(overview.trainable()),
                String.valueOf(overview.steps()),
                String.valueOf(run.totalSteps()),
                overview.metric(),
                decimal(overview.validation()),
                decimal(overview.test()),
                Decimals.shortest(overview.seconds()),
                words(overview.memory()),
                decimal(overview.validationInterval().map(Interval::low)),
                decimal(overview.validationInterval().map(Interval::high)),
                decimal(overview.testInterval().map(Interval::low)),
                decimal(overview.testInterval().map(Interval::high)),
                overview.memoryOf().id(),
                words(overview.validationStep())));
    }

    private static String words(Optional<?> value) {
        return value.map(String::valueOf).orElse("");
    }

    private static String decimal(Optional<Double> value) {
        return value.filter(Double::isFinite).map(Decimals::shortest).orElse("");
    }

    /**
     * Returns the table as JSON with one object per run that has all settings; missing values are null.
     *
     * @param withDifferences true if each object also has the settings that differ, under the key {@code differences}
     */
    public ArrayNode json(boolean withDifferences) {
        Map<String, List<String>> differences = withDifferences ? differences() : Map.of();
        List<ObjectNode> all = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            ObjectNode json = json(runs.get(i));
            if (withDifferences) {
                ObjectNode own = Json.object();
                for (Map.Entry<String, List<String>> difference : differences.entrySet()) {
                    own.put(difference.getKey(), difference.getValue().get(i));
                }
                json.set("differences", own);
            }
            all.add(json);
        }
        return Json.tree(all);
    }

    private static ObjectNode json(RunOverview overview) {
        Run run = overview.run();
        ObjectNode json = Json.object();
        json.put("folder", run.folder().toString());
        json.put("id", run.id());
        json.put("name", run.name());
        json.put("state", run.state().id());
        json.put("reason", run.reason());
        json.put("created", run.created());
        json.put("model", run.model());
        json.put("data", run.data());
        json.put("task", run.task());
        json.set("layers", Json.tree(run.layers()));
        json.put("of", run.of());
        json.put("variant", overview.variant());
        json.put("trainable_parameters", overview.trainable().orElse(null));
        json.put("steps", overview.steps());
        json.put("total_steps", run.totalSteps());
        json.put("metric", overview.metric());
        json.put("validation", finite(overview.validation()));
        json.put("validation_step", overview.validationStep().orElse(null));
        json.put("test", finite(overview.test()));
        json.put("validation_low", finite(overview.validationInterval().map(Interval::low)));
        json.put("validation_high", finite(overview.validationInterval().map(Interval::high)));
        json.put("test_low", finite(overview.testInterval().map(Interval::low)));
        json.put("test_high", finite(overview.testInterval().map(Interval::high)));
        json.put("validation_given", overview.hasValidation());
        json.put("test_given", overview.hasTest());
        json.put("seconds", overview.seconds());
        json.put("peak_memory_bytes", overview.memory().orElse(null));
        json.put("peak_memory_of", overview.memoryOf().id());
        json.put("resume", overview.resume().orElse(null));
        json.set("config", Json.tree(run.config()));
        json.set("environment", Json.tree(run.environment()));
        return json;
    }

    /** Returns a number for JSON: null if it is missing or not finite. */
    private static @Nullable Double finite(Optional<Double> value) {
        return value.filter(Double::isFinite).orElse(null);
    }
}
