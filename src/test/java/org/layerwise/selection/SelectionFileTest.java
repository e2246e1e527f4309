package org.layerwise.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.layerwise.selection.LayerSelectorTest.importance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;

class SelectionFileTest {

    private static final LayerImportance FOUR = importance(Double.NaN, 0.25, 0.5, 0.125);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("selection.json");
    }

    @Test
    void everyRuleComesBackAsItWas() {
        for (SelectionRule rule : List.of(
                new SelectionRule.TopRatio(0.5),
                new SelectionRule.TopN(9),
                new SelectionRule.Threshold(0.2),
                new SelectionRule.OfKind(LayerKind.LINEAR_ATTENTION, new TreeSet<>(List.of(0, 3))),
                SelectionRule.ByHand.of(List.of(0, 3)))) {
            for (UndefinedLayers undefined : UndefinedLayers.values()) {
                SavedSelection saved = saved(rule, undefined);
                SelectionFile.write(file, saved);
                assertThat(SelectionFile.read(file)).isEqualTo(saved);
            }
        }
    }

    @Test
    void writesWhatOtherToolsRead() {
        SelectionFile.write(file, saved(new SelectionRule.TopRatio(0.5), UndefinedLayers.EXCLUDE));

        assertThat(Json.line(Json.read(file)))
                .isEqualTo("{\"version\":1,\"created\":\"today\",\"model\":\"tiny\",\"task\":\"cola\","
                        + "\"measure\":\"linear-cka\",\"position\":\"first\",\"samples\":512,"
                        + "\"importance\":[null,0.25,0.5,0.125],\"undefined\":{\"0\":\"Layer 0 does not vary.\"},"
                        + "\"ranking\":[2,1,3],\"similarity\":[[1.0,null,0.5,0.5,0.5],[null,1.0,0.5,0.5,0.5],"
                        + "[0.5,0.5,1.0,0.5,0.5],[0.5,0.5,0.5,1.0,0.5],[0.5,0.5,0.5,0.5,1.0]],"
                        + "\"layers\":[1,3],\"of\":4,\"one_hot\":\"0101\",\"reason\":{\"rule\":\"top-ratio\","
                        + "\"ratio\":0.5,\"always\":[3],\"never\":[2],\"undefined\":\"exclude\",\"shortfall\":null}}");
    }

    @Test
    void eachRuleHasItsNameAndItsValue() {
        Map<SelectionRule, String> rules = Map.of(
                new SelectionRule.TopN(1),
                "\"rule\":\"top-n\",\"n\":1",
                new SelectionRule.Threshold(0.2),
                "\"rule\":\"threshold\",\"importance\":0.2",
                SelectionRule.ByHand.of(List.of(3, 0)),
                "\"rule\":\"by-hand\",\"layers\":[0,3]",
                SelectionRule.LastLayers.of(1, 4),
                "\"rule\":\"last-n\",\"n\":1,\"layers\":[3]");
        rules.forEach((rule, text) -> assertThat(Json.line(SelectionFile.toJson(saved(rule, UndefinedLayers.INCLUDE))
                        .path("reason")))
                .isEqualTo("{" + text + ",\"always\":[3],\"never\":[2],\"undefined\":\"include\",\"shortfall\":null}"));
    }

    @Test
    void theReasonNamesTheLocks() {
        assertThat(saved(new SelectionRule.TopRatio(0.5), UndefinedLayers.EXCLUDE)
                        .words())
                .isEqualTo("by ratio 0.5 of linear-cka on cola (512 examples), always layer 3, never layer 2");
        assertThat(SavedSelection.of(LayerSelector.select(
                                FOUR,
                                new SelectionRule.TopN(2),
                                LayerLocks.of(Set.of(3), Set.of()),
                                UndefinedLayers.EXCLUDE))
                        .words())
                .isEqualTo("by top 2, always layer 3");
    }

    @Test
    void noMeasureIsTheReasonOfLayersThatWereNamedByHand() {
        assertThat(saved(SelectionRule.ByHand.of(List.of(0)), UndefinedLayers.EXCLUDE)
                        .words())
                .isEqualTo("by hand, always layer 3, never layer 2");
    }

    @Test
    void equalSelectionsAreEqualFiles() throws IOException {
        SavedSelection saved = SavedSelection.of(LayerSelection.byHand(Set.of(1, 3), 4));
        SelectionFile.write(file, saved);
        byte[] first = Files.readAllBytes(file);
        SelectionFile.write(file, saved);

        assertThat(Files.readAllBytes(file)).isEqualTo(first);
        assertThat(new String(first, java.nio.charset.StandardCharsets.UTF_8)).doesNotContain("created");
    }

    @Test
    void importanceComesBackExactly() {
        LayerImportance odd = importance(0.1, 1.0 / 3, 0.7000000000000001, 1e-17, 0.9999999999999999);
        SelectionFile.write(
                file,
                new SavedSelection(
                        LayerSelection.byHand(Set.of(0, 1, 2, 3, 4), 5),
                        SavedSelection.Origin.unknown(),
                        odd,
                        null,
                        null));
        LayerImportance read = SelectionFile.read(file).importance();

        for (int layer = 0; layer < 5; layer++) {
            assertThat(read.of(layer)).isEqualTo(odd.of(layer));
        }
    }

    @Test
    void modulesComeBackWithTheirRanksAndTheirBudget() {
        SavedSelection layers = saved(new SelectionRule.TopRatio(0.5), UndefinedLayers.EXCLUDE);
        for (LayerSelection selection : List.of(
                layers.selection().withModules(SelectedModules.of(List.of("layers.3.q", "layers.1.q")), null),
                layers.selection()
                        .withModules(
                                SelectedModules.of(Map.of("layers.3.q", 2, "layers.3.up", 17)),
                                new RankBudget(5000, RankRule.WATERFILL, 2, 32)),
                new LayerSelection(
                        new TreeSet<>(List.of(3)),
                        4,
                        SelectedModules.of(List.of("layers.3.q")),
                        new LayerSelection.Reason(
                                new SelectionRule.ModuleRatio(0.1, new TreeSet<>(List.of(3))),
                                LayerLocks.none(),
                                UndefinedLayers.EXCLUDE,
                                null)),
                new LayerSelection(
                        new TreeSet<>(List.of(3)),
                        4,
                        SelectedModules.of(List.of("layers.3.q")),
                        new LayerSelection.Reason(
                                new SelectionRule.TopModules(1, new TreeSet<>(List.of(3))),
                                LayerLocks.none(),
                                UndefinedLayers.EXCLUDE,
                                null)))) {
            SavedSelection saved = new SavedSelection(
                    selection, layers.origin(), layers.importance(), layers.similarity(), layers.created());
            SelectionFile.write(file, saved);
            assertThat(SelectionFile.read(file)).isEqualTo(saved);
        }
    }

    @Test
    void modulesAreAListOrAnObjectOfRanks() {
        LayerSelection layers = LayerSelection.byHand(List.of(1, 3), 4);
        RankBudget budget = new RankBudget(5000, RankRule.PROPORTIONAL, 1, 32);

        assertThat(Json.line(SelectionFile.toJson(SavedSelection.of(
                        layers.withModules(SelectedModules.of(List.of("layers.3.q", "layers.1.q")), null)))))
                .endsWith(",\"layers\":[1,3],\"of\":4,\"one_hot\":\"0101\","
                        + "\"modules\":[\"layers.1.q\",\"layers.3.q\"],\"reason\":{\"rule\":\"by-hand\",\"layers\":[1,3],"
                        + "\"always\":[],\"never\":[],\"undefined\":\"exclude\",\"shortfall\":null}}");
        assertThat(Json.line(SelectionFile.toJson(
                        SavedSelection.of(layers.withModules(SelectedModules.of(Map.of("layers.3.q", 4)), budget)))))
                .contains("\"modules\":{\"layers.3.q\":4}")
                .contains("\"shortfall\":null,\"budget\":{\"parameters\":5000,\"rule\":\"proportional\",\"min_rank\":1,"
                        + "\"max_rank\":32}}");
    }

    @Test
    void theReasonNamesModulesAndBudget() {
        SavedSelection layers = saved(new SelectionRule.TopRatio(0.5), UndefinedLayers.EXCLUDE);
        LayerSelection ranked = layers.selection()
                .withModules(
                        SelectedModules.of(Map.of("layers.1.q", 2, "layers.3.q", 17)),
                        new RankBudget(5000, RankRule.PROPORTIONAL, 1, 32));

        assertThat(ranked.summary())
                .isEqualTo("2 linear maps, ranks 2 to 17, in 2 of 4 layers (1,3), by ratio 0.5, with ranks spread in"
                        + " proportion to the importance within 5000 parameters, 1 to 32 each, always layer 3,"
                        + " never layer 2");
        assertThat(new SavedSelection(ranked, layers.origin(), null, null, null).words())
                .isEqualTo("by ratio 0.5 of linear-cka on cola (512 examples), with ranks spread in proportion to the"
                        + " importance within 5000 parameters, 1 to 32 each, always layer 3, never layer 2");
        assertThat(new SelectionRule.ModuleRatio(0.25, new TreeSet<>()).words())
                .isEqualTo("share 0.25 of the linear maps");
    }

    @Test
    void twoKeysAreEnough() throws IOException {
        Files.writeString(file, "{\"layers\":[5,1,3],\"of\":12,\"author\":\"me\"}");
        SavedSelection read = SelectionFile.read(file);

        assertThat(read.selection()).isEqualTo(LayerSelection.byHand(List.of(1, 3, 5), 12));
        assertThat(read.origin()).isEqualTo(SavedSelection.Origin.unknown());
        assertThat(read.importance()).isNull();
        assertThat(read.similarity()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\'',
            value = {
                "[1,2];\"layers\"",
                "{\"layers\":[1]};\"of\"",
                "{\"of\":4};\"layers\"",
                "{\"of\":0,\"layers\":[]};\"of\"",
                "{\"of\":\"4\",\"layers\":[]};\"of\"",
                "{\"of\":4,\"layers\":[4]};\"layers\"",
                "{\"of\":4,\"layers\":[1.5]};\"layers\"",
                "{\"of\":4,\"layers\":3};\"layers\"",
                "{\"of\":4,\"layers\":[1],\"one_hot\":\"0010\"};\"one_hot\"",
                "{\"of\":4,\"layers\":[1],\"version\":2};version 2",
                "{\"of\":4,\"layers\":[1],\"version\":0};\"version\"",
                "{\"of\":4,\"layers\":[1],\"version\":\"new\"};\"version\"",
                "{\"of\":2,\"layers\":[1],\"importance\":[0.1]};\"importance\"",
                "{\"of\":2,\"layers\":[1],\"importance\":[0.1,NaN]};\"importance[1]\"",
                "{\"of\":1,\"layers\":[0],\"similarity\":[[1,0],[1]]};\"similarity\"",
                "{\"of\":2,\"layers\":[1],\"model\":7};\"model\"",
                "{\"of\":2,\"layers\":[1],\"reason\":1};for \"reason\"",
                "{\"of\":2,\"layers\":[1],\"reason\":{\"rule\":\"dice\"}};\"reason.rule\"",
                "{\"of\":2,\"layers\":[1],\"reason\":{\"rule\":\"top-ratio\"}};\"ratio\"",
                "{\"of\":2,\"layers\":[1],\"reason\":{\"always\":[7]}};\"always\"",
                "{\"of\":2,\"layers\":[1],\"reason\":{\"undefined\":\"maybe\"}};\"reason.undefined\"",
                "{\"of\":4,\"layers\":[1],\"modules\":[]};names no module",
                "{\"of\":4,\"layers\":[1],\"modules\":{}};names no module",
                "{\"of\":4,\"layers\":[1],\"modules\":[\"layers.2.q\"]};modules are in the layers 2",
                "{\"of\":4,\"layers\":[1],\"modules\":[\"q\"]};no module in a layer",
                "{\"of\":4,\"layers\":[1],\"modules\":[1]};\"modules\" holds 1",
                "{\"of\":4,\"layers\":[1],\"modules\":7};\"modules\" holds 7",
                "{\"of\":4,\"layers\":[1],\"modules\":{\"layers.1.q\":0}};rank of layers.1.q is 0",
                "{\"of\":4,\"layers\":[1],\"modules\":{\"layers.1.q\":2.5}};\"modules\" holds 2.5",
                "{\"of\":2,\"layers\":[1],\"reason\":{\"budget\":{\"parameters\":0,\"rule\":\"proportional\",\"min_rank\":1,\"max_rank\":2}}};budget"
                        + " is 0",
                "{\"of\":2,\"layers\":[1],\"reason\":{\"budget\":{\"parameters\":9,\"rule\":\"proportional\",\"min_rank\":3,\"max_rank\":2}}};above"
                        + " the highest",
                "{\"of\":2,\"layers\":[1],\"reason\":{\"budget\":{\"parameters\":9,\"rule\":\"dice\",\"min_rank\":1,\"max_rank\":2}}};\"reason.budget.rule\"",
                "{\"of\":2,\"layers\":[1],\"reason\":{\"budget\":{\"parameters\":9}}};\"reason.budget",
                "{\"of\":2,\"layers\":[1],\"reason\":{\"rule\":\"module-ratio\",\"layers\":[1]}};\"ratio\"",
                "{\"of\":2,;not valid JSON"
            })
    void namesTheFileAndTheKeyThatIsWrong(String json, String expected) throws IOException {
        Files.writeString(file, json);

        assertThatThrownBy(() -> SelectionFile.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(expected);
    }

    @Test
    void saysWhenThereIsNoFile() {
        assertThatThrownBy(() -> SelectionFile.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("There is no file");
    }

    private static SavedSelection saved(SelectionRule rule, UndefinedLayers undefined) {
        LayerSelection selection = LayerSelector.select(FOUR, rule, LayerLocks.of(Set.of(3), Set.of(2)), undefined);
        Similarity none = new Similarity.Undefined("The file holds no value here.");
        List<List<Similarity>> rows = new java.util.ArrayList<>();
        for (int i = 0; i < 5; i++) {
            List<Similarity> row = new java.util.ArrayList<>();
            for (int j = 0; j < 5; j++) {
                row.add(i + j == 1 ? none : new Similarity.Value(i == j ? 1 : 0.5));
            }
            rows.add(row);
        }
        return new SavedSelection(
                selection,
                new SavedSelection.Origin("tiny", "cola", "linear-cka", "first", 512),
                FOUR,
                new SimilarityMatrix(rows),
                "today");
    }

    @Test
    void aNumberOfLayersThatNoModelHasIsRefusedBeforeAnythingIsMade() throws IOException {
        Path file = Files.writeString(
                folder.resolve("huge.json"),
                "{\"version\": 1, \"layers\": [0], \"of\": 2147483647, \"one_hot\": \"1\"}");

        assertThatThrownBy(() -> SelectionFile.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll(file.toString(), "2147483647", "4096");
    }
}
