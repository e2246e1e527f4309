package org.layerwise.gui.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.settings.TrainingSettings;

class FieldTest {

    private final TrainingForm form = new TrainingForm();

    @Test
    void whatCannotBeReadIsSaidAtTheFieldAndTheLastValueCounts() {
        Field<Integer> rank = form.adapter().rank();
        rank.type("many");
        assertThat(rank.mistakeProperty().get()).isEqualTo("Rank must be a whole number, but is \"many\".");
        assertThat(rank.typedProperty().get()).isEqualTo("many");
        assertThat(rank.get()).isEqualTo(8);
        assertThat(form.wrong()).contains(rank);

        rank.type(" 4 ");
        assertThat(rank.mistakeProperty().get()).isEmpty();
        assertThat(rank.get()).isEqualTo(4);
        assertThat(rank.typedProperty().get()).isEqualTo(" 4 "); // what people type is left as it is

        rank.type("0");
        assertThat(rank.mistakeProperty().get()).isEqualTo("Rank must be from 1 to 65536, but is 0.");
        rank.set(0);
        assertThat(rank.typedProperty().get()).isEqualTo("0");
        rank.type("x");
        rank.set(0); // the value that it has already takes the place of what was typed
        assertThat(rank.typedProperty().get()).isEqualTo("0");
    }

    @Test
    void whatIsLeftEmptyIsNothingWhereThatMeansSomething() {
        Field<Integer> steps = field("steps");
        assertThat(steps.typedProperty().get()).isEmpty();
        assertThat(form.optimiser().steps(512)).isEqualTo(32);
        steps.type("7");
        assertThat(form.optimiser().steps(512)).isEqualTo(7);
        assertThat(field("epochs").shownProperty().getValue()).isFalse();
        steps.type("");
        assertThat(steps.get()).isNull();
        assertThat(field("epochs").shownProperty().getValue()).isTrue();
        field("lr").type("");
        assertThat(field("lr").mistakeProperty().get()).isEqualTo("Learning rate must be a number, but is \"\".");
        field("lr").type("NaN");
        assertThat(field("lr").mistakeProperty().get())
                .isEqualTo("Learning rate must be above 0 and at most 1000000, but is NaN.");
        field("lr").type("2e-4");
        assertThat(field("lr").get()).isEqualTo(2e-4);
    }

    @Test
    void aMistakeInAFieldThatIsNotShownKeepsNothingFromStarting() {
        Field<?> epochs = field("epochs");
        epochs.type("0");
        assertThat(form.wrong()).contains(epochs);
        field("steps").type("5");
        assertThat(form.wrong()).isEmpty();
    }

    @Test
    void patternsAreReadAsTheCommandLineReadsThem() {
        Field<Map<String, Integer>> ranks = field("rank-pattern");
        ranks.type("query=4, value = 8");
        assertThat(ranks.get()).containsExactly(Map.entry("query", 4), Map.entry("value", 8));
        ranks.type("query");
        assertThat(ranks.mistakeProperty().get()).contains("query").contains("NAME=VALUE");
        assertThat(ranks.get()).hasSize(2);
    }

    @Test
    void theFastPissaKeepsItsIterations() {
        form.fill(
                TrainingSettings.defaults()
                        .with(TrainingSettings.defaults()
                                .adapter()
                                .with(LoraSettings.VARIANT, LoraVariant.of("pissa_niter_16"))),
                16);
        assertThat(field("start").get()).isEqualTo(InitialisationChoice.PISSA_FAST);
        assertThat(form.settings(null).adapter().variant().id()).isEqualTo("pissa_niter_16");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lora",
                "rslora",
                "dora",
                "pissa",
                "rslora+dora",
                "rslora+pissa",
                "dora+pissa_niter_4",
                "miss",
                "eva",
                "rslora+dora+eva",
                "lora-ga"
            })
    void variantsOfSeveralKindsAreKept(String variant) {
        form.fill(
                TrainingSettings.defaults()
                        .with(TrainingSettings.defaults()
                                .adapter()
                                .with(LoraSettings.VARIANT, LoraVariant.of(variant))),
                16);
        assertThat(form.settings(null).adapter().variant().id()).isEqualTo(variant);
    }

    /** Settings that MiSS lacks would be refused, so that the form neither shows nor sends them. */
    @Test
    void missHasNoSettingsOfLora() {
        List<String> lacking = List.of(
                "alpha", "rank-pattern", "alpha-pattern", "bias", "start", "rslora", "dora", "target-parameters");
        field("alpha").set(3.0);
        field("rank-pattern").type("query=4");
        field("rslora").set(true);
        assertThat(lacking).allMatch(key -> field(key).shownProperty().getValue());

        field("miss").set(true);

        assertThat(lacking).noneMatch(key -> field(key).shownProperty().getValue());
        assertThat(field("r").shownProperty().getValue()).isTrue();
        assertThat(form.settings(null).adapter().values())
                .isEqualTo(SettingValues.none().with(LoraSettings.VARIANT, LoraVariant.MISS));

        field("miss").set(false);
        assertThat(form.settings(null).adapter().variant().id()).isEqualTo("rslora");
        assertThat(form.settings(null).adapter().values().get(LoraSettings.ALPHA))
                .isEqualTo(3.0);
    }

    @Test
    void everyFieldHasANameAndAnExplanation() {
        assertThat(form.fields()).allSatisfy(field -> {
            assertThat(field.name()).isNotBlank();
            assertThat(field.tip()).endsWith(".").doesNotContain("''");
        });
        assertThat(form.groups()).extracting(FieldGroup::title).doesNotContainNull();
        assertThat(form.fields().map(Field::key).distinct().count())
                .isEqualTo(form.fields().count());
        assertThat(form.fields().map(Field::key)).containsAll(List.of("lora-plus-ratio", "prefix-cache", "report-to"));
    }

    @Test
    void anEmptyFieldShowsAShortText() {
        assertThat(field("rank-pattern").prompt()).isEqualTo("query=4, value=8");
        assertThat(field("validation").prompt()).isEqualTo("none");
        assertThat(field("evaluate-every").prompt()).isEqualTo("once an epoch");
        assertThat(field("lr").prompt()).isEmpty();
        assertThat(form.fields().map(Field::prompt)).allMatch(prompt -> prompt.length() <= 20);
    }

    @SuppressWarnings("unchecked") // the key says what the field holds
    private <T> Field<T> field(String key) {
        return (Field<T>)
                form.fields().filter(one -> one.key().equals(key)).findFirst().orElseThrow();
    }
}
