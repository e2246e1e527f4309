package org.layerwise.base.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.UserException;

class SettingTest {

    private static final Setting<Double> RATE =
            Setting.number("rate", 0.5).in(Range.above(0).atMost(10)).title("Rate");
    private static final Setting<Integer> COUNT = Setting.whole("count", null).in(Range.atLeast(2));
    private static final Setting<List<String>> NAMES = Setting.names("names");
    private static final Setting<Optional<Double>> SHARE =
            Setting.of("share", SettingType.orWord("auto", SettingType.NUMBER), Optional.<Double>empty());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0     | --rate must be above 0 and at most 10, but is 0.",
                "11    | --rate must be above 0 and at most 10, but is 11.",
                "NaN   | --rate must be above 0 and at most 10, but is NaN.",
                "1f    | --rate must be a number, but is \"1f\".",
                "fast  | --rate must be a number, but is \"fast\"."
            })
    void valuesThatAreNotAllowedAreRefusedWithTheName(String text, String sentence) {
        assertThatThrownBy(() -> RATE.read(RATE.flag(), text))
                .isInstanceOf(UserException.class)
                .hasMessage(sentence);
    }

    @Test
    void numbersTooLargeForTheirTypeAreRefused() {
        assertThatThrownBy(() -> COUNT.read("Count", "99999999999")).hasMessage("Count is too large: 99999999999.");
    }

    @Test
    void aValueIsWrittenAsItIsRead() {
        assertThat(RATE.write(RATE.read("", "1e-7"))).isEqualTo("1e-7");
        assertThat(RATE.write(RATE.read("", " 2.50 "))).isEqualTo("2.5");
        assertThat(RATE.write(3.0)).isEqualTo("3");
        assertThat(NAMES.write(NAMES.read("", "a, b{1,2}"))).isEqualTo("a,b{1,2}");
        assertThat(SHARE.read("", "auto")).isEmpty();
        assertThat(SHARE.write(SHARE.read("", "0.25"))).isEqualTo("0.25");
    }

    @Test
    void emptyNamesAreRefused() {
        assertThatThrownBy(() -> NAMES.read("--names", "a,,b")).hasMessageContaining("NAME or NAME,NAME");
    }

    @Test
    void valuesAreEqualIfThoseAreThatDifferFromDefaults() {
        SettingValues none = SettingValues.none();

        assertThat(none.get(RATE)).isEqualTo(0.5);
        assertThat(none.find(COUNT)).isEmpty();
        assertThatThrownBy(() -> none.get(COUNT)).isInstanceOf(IllegalStateException.class);
        assertThat(none.with(RATE, 0.5)).isEqualTo(none).hasSameHashCodeAs(none);
        assertThat(none.with(RATE, 0.5).given(RATE)).contains(0.5);
        assertThat(none.with(RATE, 2.0)).isNotEqualTo(none);
        assertThat(none.with(RATE, 2.0).without(RATE)).isEqualTo(none);
        assertThat(none.with(RATE, 2.0).with(COUNT, 3).written(List.of(COUNT, RATE)))
                .containsExactly(java.util.Map.entry("count", 3), java.util.Map.entry("rate", 2L));
    }

    @Test
    void aDefaultThatFollowsFromSomethingElseIsTakenWhereNothingIsGiven() {
        DerivedSetting<Integer, Integer> every = COUNT.derived("once an epoch", epoch -> 2 * epoch);

        assertThat(SettingValues.none().get(every, 7)).isEqualTo(14);
        assertThat(SettingValues.none().with(every, 5).get(every, 7)).isEqualTo(5);
        assertThat(every.defaultText()).isEqualTo("once an epoch");
    }

    @Test
    void whatDoesNotCountIsNotWritten() {
        Setting<Integer> hidden = Setting.whole("hidden", 1).onlyIf(values -> values.get(RATE) > 1);

        assertThat(SettingValues.none().effective(List.of(RATE, hidden))).containsOnlyKeys("rate");
        assertThat(SettingValues.none().with(RATE, 2.0).effective(List.of(RATE, hidden)))
                .containsOnlyKeys("rate", "hidden");
    }
}
