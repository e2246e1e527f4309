package org.layerwise.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.layerwise.base.ByteSize;
import org.layerwise.base.CheckResult;
import org.layerwise.base.json.Json;

/** Facts that {@code check.py} has reported about the Python of a cluster, with their assessment. */
record PythonFacts(JsonNode facts) {

    private static final String MARK = "LAYERWISE ";

    /** Oldest version of each package. */
    private static final Map<String, String> NEEDED = needed();

    private static final Map<String, List<String>> TRIED = tried();

    private static Map<String, String> needed() {
        Map<String, String> needed = new LinkedHashMap<>();
        resource(JobProgram.NEEDED)
                .properties()
                .forEach(least -> needed.put(least.getKey(), least.getValue().textValue()));
        return needed;
    }

    /** Returns the versions of each package with which the program was tried. */
    static Map<String, List<String>> tried() {
        Map<String, List<String>> tried = new LinkedHashMap<>();
        resource(ProgramFiles.TRIED).properties().forEach(versions -> {
            List<String> all = new ArrayList<>();
            versions.getValue().forEach(version -> all.add(version.textValue()));
            tried.put(versions.getKey(), all);
        });
        return tried;
    }

    private static JsonNode resource(String name) {
        return tree(new String(ProgramFiles.of(List.of(name)).files().get(name), StandardCharsets.UTF_8));
    }

    /** Finds the facts in the output of a job; Ray may print a line twice. */
    static Optional<PythonFacts> in(String printed) {
        return printed.lines()
                .filter(line -> line.contains(MARK))
                .map(line -> line.substring(line.indexOf(MARK) + MARK.length()))
                .map(PythonFacts::tree)
                .filter(JsonNode::isObject)
                .findFirst()
                .map(PythonFacts::new);
    }

    private static JsonNode tree(String text) {
        try {
            return Json.parse(text);
        } catch (JsonProcessingException e) {
            return Json.tree(text); // a line of another program
        }
    }

    /**
     * Returns the reason why the cluster cannot use the folder of jobs; empty if it can, or if this was not checked.
     */
    Optional<String> storageTrouble() {
        return facts.hasNonNull("storage") ? Optional.of(facts.path("storage").asText()) : Optional.empty();
    }

    /**
     * Returns the results of the check for users.
     *
     * @param ray true if Ray is needed too
     */
    List<CheckResult> findings(boolean ray) {
        List<CheckResult> findings = new ArrayList<>();
        findings.add(python());
        NEEDED.forEach((name, least) -> {
            if (ray || !name.equals("ray")) {
                findings.add(found(name, least));
            }
        });
        List<String> gpus = new ArrayList<>();
        facts.path("gpus")
                .forEach(gpu -> gpus.add("%s with %s"
                        .formatted(
                                gpu.path("name").asText(),
                                ByteSize.of(gpu.path("bytes").longValue()))));
        if (!gpus.isEmpty()) {
            findings.add(CheckResult.ok(
                    "GPUs seen",
                    gpus.stream()
                            .collect(Collectors.groupingBy(one -> one, LinkedHashMap::new, Collectors.counting()))
                            .entrySet()
                            .stream()
                            .map(entry -> entry.getValue() + " x " + entry.getKey())
                            .collect(Collectors.joining(", "))));
        }
        return findings;
    }

    private CheckResult python() {
        String version = facts.path("python").asText();
        String text = "%s (%s)".formatted(version, facts.path("executable").asText());
        return atLeast(version, "3.9")
                ? CheckResult.ok("Python", text)
                : CheckResult.wrong("Python", text, "Python 3.9 or later is needed; name another with --python.");
    }

    private CheckResult found(String name, String least) {
        JsonNode version = facts.path("packages").path(name);
        String install = "Install it there: %s -m pip install \"%s>=%s\"."
                .formatted(facts.path("executable").asText("python3"), name.equals("yaml") ? "pyyaml" : name, least);
        if (version.isNull() || version.isMissingNode()) {
            return CheckResult.wrong(name, "is not there", install);
        }
        String text = version.asText();
        if (!Character.isDigit(text.isEmpty() ? ' ' : text.charAt(0))) {
            return CheckResult.wrong(name, text, install);
        }
        return atLeast(text, least)
                ? CheckResult.ok(name, text + words(TRIED.getOrDefault(name, List.of())))
                : CheckResult.wrong(name, text, "Version %s or later is needed. %s".formatted(least, install));
    }

    private static String words(List<String> tried) {
        return tried.isEmpty() ? "" : " (jobs were tried with %s)".formatted(String.join(" and ", tried));
    }

    /**
     * Returns true if a version is not older than another one. Only the numbers are compared; suffixes such as
     * {@code +cu126} are ignored.
     */
    static boolean atLeast(String version, String least) {
        String[] is = version.replaceAll("[^0-9.].*", "").split("\\.");
        String[] needed = least.split("\\.");
        for (int i = 0; i < needed.length; i++) {
            int have = i < is.length && is[i].matches("\\d{1,9}") ? Integer.parseInt(is[i]) : 0;
            int want = Integer.parseInt(needed[i]);
            if (have != want) {
                return have > want;
            }
        }
        return true;
    }
}
