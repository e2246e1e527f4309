package org.layerwise.analysis.inputs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.json.Json;
import org.layerwise.testing.Golden;

/** Ranks against those of PEFT 0.21.2, from {@code eva_golden.py}, and by hand. */
class EvaRanksTest {

    @ParameterizedTest
    @ValueSource(strings = {"llama", "bert"})
    void areThoseOfPeft(String fixture) {
        JsonNode settings = Json.read(Golden.folder("eva.json")).path(fixture).path("settings");
        assertThat(settings).hasSize(3);
        boolean uneven = false;
        for (JsonNode setting : settings) {
            List<EvaRanks.Module> modules = new ArrayList<>();
            // which of two maps with the inputs of a third gets more is left to PEFT's sort
            Map<String, List<Integer>> expected = new TreeMap<>();
            Map<String, Integer> first = new TreeMap<>();
            for (JsonNode module : setting.path("modules")) {
                JsonNode ratios = module.path("ratios");
                String name = module.path("name").asText();
                String owner = module.path("shared_with").textValue();
                int found = module.path("rank").asInt();
                modules.add(new EvaRanks.Module(
                        name,
                        IntStream.range(0, ratios.size())
                                .mapToDouble(i -> ratios.path(i).asDouble())
                                .toArray(),
                        owner));
                expected.computeIfAbsent(owner == null ? name : owner, any -> new ArrayList<>())
                        .add(found);
                if (owner == null) {
                    first.put(name, found);
                }
            }
            int rank = setting.path("rank").asInt();
            Map<String, Integer> ranks =
                    ofPeft(modules, rank, setting.path("rho").asDouble());
            Map<String, List<Integer>> actual = new TreeMap<>();
            for (EvaRanks.Module module : modules) {
                String owner = module.sharedWith() == null ? module.name() : module.sharedWith();
                actual.computeIfAbsent(owner, any -> new ArrayList<>()).add(ranks.get(module.name()));
            }
            expected.values().forEach(Collections::sort);
            actual.values().forEach(Collections::sort);
            assertThat(actual).isEqualTo(expected);
            assertThat(ranks).containsAllEntriesOf(first);
            uneven |= ranks.values().stream().anyMatch(other -> other != rank);
        }
        assertThat(uneven).isTrue();
    }

    @Test
    void componentsThatExplainMostAreTaken() {
        // budget 4: 0.9, 0.6, 0.4 of a; 0.5 of b; of 0.4 and 0.3, the larger
        List<EvaRanks.Module> modules = List.of(
                new EvaRanks.Module("a", new double[] {0.9, 0.6, 0.4, 0.35}, null),
                new EvaRanks.Module("b", new double[] {0.5, 0.3}, null));
        assertThat(ofPeft(modules, 2, 2)).containsExactly(entry("a", 3), entry("b", 1));
        assertThat(ofPeft(modules, 2, 1)).containsExactly(entry("a", 2), entry("b", 2));
    }

    @Test
    void aMapMayGetNoRank() {
        List<EvaRanks.Module> modules = List.of(
                new EvaRanks.Module("a", new double[] {0.1}, null),
                new EvaRanks.Module("b", new double[] {0.9, 0.8}, null));
        assertThat(ofPeft(modules, 1, 2)).containsExactly(entry("a", 0), entry("b", 2));
    }

    @Test
    void theLargestRankIsRoundedHalfToEven() {
        List<EvaRanks.Module> modules = List.of(
                new EvaRanks.Module("a", new double[] {0.9, 0.8, 0.7}, null),
                new EvaRanks.Module("b", new double[] {0.1, 0.1}, null));
        assertThat(ofPeft(modules, 1, 2.5)).containsExactly(entry("a", 2), entry("b", 0));
        // 3 x 1.5 = 4.5 is 4
        List<EvaRanks.Module> long5 = List.of(
                new EvaRanks.Module("a", new double[] {0.9, 0.8, 0.7, 0.6, 0.5}, null),
                new EvaRanks.Module("b", new double[] {0.1, 0.1}, null));
        assertThat(ofPeft(long5, 3, 1.5)).containsExactly(entry("a", 4), entry("b", 2));
    }

    @Test
    void ofEqualInputsTheFirstGetsMost() {
        double[] ratios = {0.6, 0.5, 0.4};
        List<EvaRanks.Module> modules = List.of(
                new EvaRanks.Module("q", ratios, null),
                new EvaRanks.Module("k", ratios, "q"),
                new EvaRanks.Module("v", new double[] {0.1, 0.1}, null));
        assertThat(ofPeft(modules, 1, 3)).containsExactly(entry("q", 2), entry("k", 1), entry("v", 0));
        assertThat(ofPeft(modules, 2, 1)).containsExactly(entry("q", 2), entry("k", 2), entry("v", 2));
    }

    @Test
    void ofEqualSharesThoseOfOwnInputsComeFirst() {
        List<EvaRanks.Module> modules = List.of(
                new EvaRanks.Module("q", new double[] {0.5}, null),
                new EvaRanks.Module("k", new double[] {0.5}, "q"),
                new EvaRanks.Module("v", new double[] {0.5}, null),
                new EvaRanks.Module("w", new double[] {0.9, 0.8}, null));
        assertThat(ofPeft(modules, 1, 2)).containsExactly(entry("q", 1), entry("k", 0), entry("v", 1), entry("w", 2));
    }

    /** Returns the ranks as PEFT's settings ask for them. */
    private static Map<String, Integer> ofPeft(List<EvaRanks.Module> modules, int rank, double rho) {
        int most = (int) Math.rint(rank * rho);
        return EvaRanks.of(
                modules.stream().map(module -> module.first(most)).toList(), name -> 1, (long) rank * modules.size());
    }

    @Test
    void ranksStayWithinAsManyParameters() {
        // in the order of the shares: a (10), b (3), a, b, b
        List<EvaRanks.Module> modules = List.of(
                new EvaRanks.Module("a", new double[] {0.9, 0.5}, null),
                new EvaRanks.Module("b", new double[] {0.6, 0.4, 0.3}, null));
        assertThat(within(modules, 9)).containsExactly(entry("a", 0), entry("b", 0));
        assertThat(within(modules, 13)).containsExactly(entry("a", 1), entry("b", 1));
        assertThat(within(modules, 22))
                .as("what fits after a component that does not is not taken")
                .containsExactly(entry("a", 1), entry("b", 1));
        assertThat(within(modules, 26)).containsExactly(entry("a", 2), entry("b", 2));
        assertThat(within(modules, 1000)).containsExactly(entry("a", 2), entry("b", 3));
    }

    private static Map<String, Integer> within(List<EvaRanks.Module> modules, long parameters) {
        return EvaRanks.of(modules, name -> name.equals("a") ? 10 : 3, parameters);
    }
}
