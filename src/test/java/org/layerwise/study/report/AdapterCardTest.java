package org.layerwise.study.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.layerwise.lora.BaseModel;
import org.layerwise.lora.LoraVariant;
import org.layerwise.study.model.ModelOrigin;
import org.layerwise.training.Evaluation;
import org.layerwise.training.TaskKind;

class AdapterCardTest {

    private static String card(ModelOrigin base, AdapterCard.Use use, Map<String, Evaluation> results) {
        return new AdapterCard(
                        base,
                        null,
                        use,
                        new TreeSet<>(List.of(0, 1)),
                        2,
                        null,
                        results,
                        Map.of("layerwise", "1"),
                        "It was trained.\n")
                .text();
    }

    @Test
    void theSampleIsToldByItsNameOnTheHub() {
        String card = card(
                ModelOrigin.sample(),
                new AdapterCard.Use(
                        TaskKind.CLASSIFICATION, 2, List.of("bad", "good"), false, true, LoraVariant.PLAIN, false),
                Map.of());
        assertThat(card)
                .contains(
                        "base_model: \"BAAI/bge-small-en-v1.5\"",
                        "the copy of `BAAI/bge-small-en-v1.5` that comes with Layerwise",
                        "NAMES = [\"bad\", \"good\"]",
                        "num_labels=2)",
                        "AutoTokenizer.from_pretrained(BASE)",
                        "All 2 layers have adapters.")
                .doesNotContain("They were chosen", "## Results");
    }

    @Test
    void eachTaskIsLoadedByItsClass() {
        ModelOrigin base = ModelOrigin.hub("org/name@v1");
        assertThat(card(
                        base,
                        new AdapterCard.Use(TaskKind.REGRESSION, 1, List.of(), false, false, LoraVariant.PLAIN, false),
                        Map.of()))
                .contains("num_labels=1, problem_type=\"regression\")", "print(logits.item())", "torch.tensor(");
        assertThat(card(
                        base,
                        new AdapterCard.Use(TaskKind.CAUSAL_LM, 0, List.of(), false, true, LoraVariant.PLAIN, false),
                        Map.of()))
                .contains(
                        "pipeline_tag: text-generation",
                        "AutoModelForCausalLM.from_pretrained(BASE, revision=REVISION)",
                        "model.generate(");
        assertThat(card(
                        base,
                        new AdapterCard.Use(TaskKind.CAUSAL_LM, 0, List.of(), true, true, LoraVariant.PLAIN, false),
                        Map.of()))
                .contains("pipeline_tag: image-text-to-text", "AutoModelForImageTextToText", "AutoProcessor");
    }

    @Test
    void anAdapterThatPeftDrawsAnewIsConvertedFirst() {
        ModelOrigin base = ModelOrigin.hub("org/name@v1");

        assertThat(card(
                        base,
                        new AdapterCard.Use(
                                TaskKind.CAUSAL_LM, 0, List.of(), false, true, LoraVariant.of("pissa_niter_2"), false),
                        Map.of()))
                .contains("Convert the adapter first with `layerwise convert-adapter`", "ADAPTER = \"converted\"");
        assertThat(card(
                        base,
                        new AdapterCard.Use(TaskKind.CAUSAL_LM, 0, List.of(), false, true, LoraVariant.PLAIN, false),
                        Map.of()))
                .doesNotContain("convert-adapter");
    }

    @Test
    void adaptersOnExpertsNeedNewerVersions() {
        assertThat(card(
                        ModelOrigin.hub("org/name@v1"),
                        new AdapterCard.Use(TaskKind.CAUSAL_LM, 0, List.of(), false, true, LoraVariant.PLAIN, true),
                        Map.of()))
                .contains("LoRA on experts (`target_parameters`), which PEFT loads from version 0.21 on, with"
                        + " transformers 5");
    }

    @Test
    void anAdapterByLoraGaIsPlainLoraOfTwiceTheRank() {
        assertThat(card(
                        ModelOrigin.hub("org/name@v1"),
                        new AdapterCard.Use(
                                TaskKind.CAUSAL_LM, 0, List.of(), false, true, LoraVariant.of("lora-ga"), false),
                        Map.of()))
                .contains("trained by LoRA-GA", "plain LoRA of twice the rank")
                .doesNotContain("convert-adapter");
    }

    @Test
    void missIsCalledThat() {
        assertThat(card(
                        ModelOrigin.hub("org/name@v1"),
                        new AdapterCard.Use(TaskKind.CAUSAL_LM, 0, List.of(), false, true, LoraVariant.MISS, false),
                        Map.of()))
                .contains("# MiSS adapter for org/name", "\n- miss\n", "`layerwise convert-adapter` writes")
                .doesNotContain("- lora");
    }

    @Test
    void anAccuracyHasItsIntervalAndNothingElseHas() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("accuracy", 0.8);
        metrics.put("f1", 0.75);
        String card = card(
                ModelOrigin.hub("org/name"),
                new AdapterCard.Use(TaskKind.CLASSIFICATION, 2, List.of(), false, true, LoraVariant.PLAIN, false),
                Map.of("test", new Evaluation(0.5, 100, metrics)));
        // Wilson (1927): (p + z^2 / 2n -+ z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n), with p 0.8 and n 100
        assertThat(card)
                .contains("| test | 100 | accuracy | 0.8000 | 0.7112 to 0.8666 |")
                .contains("| test | 100 | f1 | 0.7500 |  |")
                .contains("| test | 100 | loss | 0.5000 |  |");
    }

    @Test
    void hostileNamesStayText() {
        String card = card(
                new ModelOrigin(ModelOrigin.Kind.FOLDER, "`x`\n---\n<script>", null),
                new AdapterCard.Use(
                        TaskKind.CLASSIFICATION,
                        2,
                        List.of("a\"\n```\n# b", "c"),
                        false,
                        true,
                        LoraVariant.PLAIN,
                        false),
                Map.of());
        assertThat(card.lines().filter(line -> line.startsWith("```"))).hasSize(2);
        assertThat(card.lines().filter(line -> line.equals("---"))).hasSize(2);
        // in the fence it is text
        assertThat(card.replaceAll("(?s)```python.*?\n```", "")).doesNotContain("<script>");
    }

    /** The file of an adapter may come from a cluster that lies. */
    @Test
    void aHostileIdAndRevisionStayText() {
        String card = card(
                new ModelOrigin(ModelOrigin.Kind.HUB, "org/x`\n---\n# a", "v`\n```\n<script>"),
                new AdapterCard.Use(TaskKind.CLASSIFICATION, 2, List.of(), false, true, LoraVariant.PLAIN, false),
                Map.of());
        assertThat(card.lines().filter(line -> line.startsWith("```"))).hasSize(2);
        assertThat(card.lines().filter(line -> line.equals("---"))).hasSize(2);
        assertThat(card.lines()).doesNotContain("# a");
        assertThat(card.replaceAll("(?s)```python.*?\n```", "")).doesNotContain("<script>");
    }

    @Test
    void anAdaptersBaseIsTheHubsOrTheLastPartOfAFolder() {
        assertThat(ModelOrigin.of(new BaseModel("org/name", "v1")))
                .isEqualTo(new ModelOrigin(ModelOrigin.Kind.HUB, "org/name", "v1"));
        assertThat(ModelOrigin.of(new BaseModel("./tiny", null)).name()).isEqualTo("tiny");
        assertThat(ModelOrigin.of(new BaseModel("/home/someone/models/tiny/", null)))
                .isEqualTo(new ModelOrigin(ModelOrigin.Kind.FOLDER, "tiny", null));
        // a search for slashes at the end took minutes
        assertThat(ModelOrigin.of(new BaseModel("/".repeat(1_000_000) + "x", null))
                        .name())
                .isEqualTo("x");
    }

    @Test
    void theFrontMatterIsYaml() {
        String card = card(
                ModelOrigin.hub("org/1e5"),
                new AdapterCard.Use(TaskKind.CLASSIFICATION, 2, List.of(), false, true, LoraVariant.PLAIN, false),
                Map.of());
        String front = card.substring(4, card.indexOf("---\n", 4));
        assertThat(front.lines())
                .containsExactly(
                        "base_model: \"org/1e5\"",
                        "library_name: peft",
                        "pipeline_tag: text-classification",
                        "tags:",
                        "- lora",
                        "- layerwise",
                        "- \"base_model:adapter:org/1e5\"");
    }
}
