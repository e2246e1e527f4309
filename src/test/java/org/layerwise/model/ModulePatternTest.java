package org.layerwise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;

@Timeout(20)
class ModulePatternTest {

    private static final String NAME = "base_model.model.model.layers.11.self_attn.q_proj";

    @ParameterizedTest
    @ValueSource(strings = {"(.*)*(.*)*(.*)*(.*)*(.*)*x", "((.*)+)+!", "(.*\\.?)*\\1x"})
    void expressionsThatTakeYearsAreRefused(String bomb) {
        assertThatThrownBy(() -> new TargetModules(List.of(bomb)).match(NAME))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("\"" + bomb + "\" takes too long to match the name of a module");
    }

    /** Java itself remembers what failed in some of them. */
    @ParameterizedTest
    @ValueSource(strings = {"([a-z_.0-9]+)+$!", "(.|.)*!", "(?:\\w+\\.?)+!", "(a|a|a|b|.)+!", "(.+.+)+!"})
    void othersEndSoonInEitherWay(String bomb) {
        Throwable refusal = catchThrowable(
                () -> assertThat(new TargetModules(List.of(bomb)).match(NAME)).isFalse());
        assertThat(refusal).satisfiesAnyOf(none -> assertThat(none).isNull(), refused -> assertThat(refused)
                .isInstanceOf(UserException.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?:^{2000000000}){2000000000}",
                "(?:^){2000000000}(?:$){2000000000}",
                "^{2000000000,}x",
                ".*(?:a?){2000000000}",
                "(?:(?=a?)){2000000000}",
                "(?:(?:){50000}){50000}",
                "(?<e>)\\k<e>{2000000000}x",
                "()\\1{2000000000}x",
                "(?:[)]|^){2000000000}x",
                "(?:\\Q)\\E|^){2000000000}x",
                "(?x)(?:^) {2000000000}x"
            })
    void expressionsThatRepeatNothingAreRefused(String bomb) {
        assertThatThrownBy(() -> new TargetModules(List.of(bomb)).match(NAME))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("\"" + bomb + "\" repeats nothing or chooses between nothing too often");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(|)", "^?", "(?:^|$|)", "(?:(?:|)(?:|))", "(?:$|$)"})
    void choicesBetweenNothingAreRefused(String choice) {
        assertThatThrownBy(() -> ModulePattern.of(choice.repeat(60) + "(?!)").matches(NAME))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("chooses between nothing too often");
    }

    @Test
    void classesThatHoldBracketsHideNoDepth() {
        String deep = "[" + ")".repeat(20_000) + "]" + "(".repeat(10_000) + ")".repeat(10_000);
        assertThatThrownBy(() -> ModulePattern.of(deep)).isInstanceOf(UserException.class);
    }

    @Test
    void partsThatFillTheStackAreRefused() {
        String wide = "(?:" + "b?".repeat(3_000) + ".)*(?!)";
        assertThatThrownBy(() -> ModulePattern.of(wide).matches(NAME)).isInstanceOf(UserException.class);
    }

    @Test
    void deepBracketsAreRefused() {
        for (String deep :
                List.of("(".repeat(50_000) + ")".repeat(50_000), "[".repeat(50_000), "a".repeat(2 << 20) + "$")) {
            assertThatThrownBy(() -> new TargetModules(List.of(deep)).match(NAME))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("nests deeper than 200 brackets");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".*layers\\.(1|11)\\.(.*\\.)?(q_proj|v_proj)",
                "(?P<all>.*)_proj",
                "(?!.*vision).*q_proj",
                "[a-z_.0-9]{1,2000000000}q_proj",
                "(.*\\.)?(layers|blocks)\\.(\\d{1,3})\\.(self_attn\\.|mlp\\.)?(q|k|v|o|up)_proj$",
                "(?i)(?:^|.*\\.)((q)|(k)|(v))?_?PROJ",
                ".*.*.*.*q_proj"
            })
    void usualExpressionsMatch(String expression) {
        assertThat(new TargetModules(List.of(expression)).match(NAME)).isTrue();
        assertThat(new TargetModules(List.of(expression)).match("model.layers.3.mlp.up"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(?P<a>[x(]\\d{1,3}|(?=b)\\1)+[[^]\\]]&&[a]](?i)\\Qq\\E\\k<a>$)]", "((a|(b|(?:c))))"})
    void partsOfExpressionsAreExpressionsOrRefused(String expression) {
        for (int end = 0; end <= expression.length(); end++) {
            String part = expression.substring(0, end);
            Throwable refusal = catchThrowable(() -> ModulePattern.of(part));
            assertThat(refusal).as(part).satisfiesAnyOf(none -> assertThat(none).isNull(), refused -> assertThat(
                            refused)
                    .isInstanceOf(UserException.class));
        }
    }
}
