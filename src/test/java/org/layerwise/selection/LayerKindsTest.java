package org.layerwise.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.layerwise.selection.LayerKind.DENSE;
import static org.layerwise.selection.LayerKind.FULL_ATTENTION;
import static org.layerwise.selection.LayerKind.LINEAR_ATTENTION;
import static org.layerwise.selection.LayerKind.MIXTURE;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.layerwise.base.UserException;

class LayerKindsTest {

    private static final LayerKinds HYBRID = new LayerKinds(List.of(
            Set.of(LINEAR_ATTENTION, DENSE),
            Set.of(LINEAR_ATTENTION, MIXTURE),
            Set.of(FULL_ATTENTION, MIXTURE),
            Set.of(LINEAR_ATTENTION, MIXTURE)));

    @Test
    void whatLayersDifferInIsKnown() {
        assertThat(HYBRID.differing()).containsExactly(FULL_ATTENTION, LINEAR_ATTENTION, DENSE, MIXTURE);
        assertThat(HYBRID.layers(LINEAR_ATTENTION)).containsExactly(0, 1, 3);
        assertThat(HYBRID.layers(MIXTURE)).containsExactly(1, 2, 3);
        assertThat(HYBRID.words(2, LayerKind::title)).isEqualTo("full attention, mixture of experts");
        assertThat(HYBRID.groups())
                .containsExactly(
                        List.of(FULL_ATTENTION, MIXTURE),
                        List.of(LINEAR_ATTENTION, DENSE),
                        List.of(LINEAR_ATTENTION, MIXTURE));
    }

    @Test
    void whatAllLayersHaveIsLeftOut() {
        LayerKinds kinds = new LayerKinds(List.of(Set.of(LINEAR_ATTENTION, MIXTURE), Set.of(FULL_ATTENTION, MIXTURE)));

        assertThat(kinds.differing()).containsExactly(FULL_ATTENTION, LINEAR_ATTENTION);
        assertThat(new LayerKinds(List.of(Set.of(FULL_ATTENTION, DENSE), Set.of(FULL_ATTENTION, DENSE))))
                .isEqualTo(LayerKinds.NONE);
    }

    @Test
    void aKindIsFoundByItsName() {
        assertThat(LayerKind.of("linear-attention")).isEqualTo(LINEAR_ATTENTION);
        assertThatThrownBy(() -> LayerKind.of("linear"))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "There is no kind of layer \"linear\"; there are full-attention, sliding-attention, linear-attention, dense, mixture.");
    }
}
