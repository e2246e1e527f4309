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
                ".*.*.*.*q_proj"
            })
    void usualExpressionsMatch(String expression) {
        assertThat(new TargetModules(List.of(expression)).match(NAME)).isTrue();
        assertThat(new TargetModules(List.of(expression)).match("model.layers.3.mlp.up"))
                .isFalse();
    }
}
