package org.layerwise.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ScopeTest {

    private final TensorEngine engine = Engines.shared();

    @Test
    void freesWhatWasMadeInIt() {
        int before = engine.liveTensors();
        try (Scope scope = engine.inference()) {
            engine.of(new float[] {1, 2}, 2).add(1).mul(2).reshape(1, 2).sum(0, true);
            assertThat(engine.liveTensors()).isGreaterThan(before);
        }
        assertThat(engine.liveTensors()).isEqualTo(before);
    }

    @Test
    void resultOfAnOperationOnAWeightBelongsToTheComputation() {
        int before = engine.liveTensors();
        try (TensorOwner owner = engine.owner()) {
            Tensor weight;
            try (Scope scope = engine.inference()) {
                weight = owner.adopt(engine.of(new float[] {1, 2}, 2));
            }
            int withWeight = engine.liveTensors();
            for (int i = 0; i < 10; i++) {
                try (Scope scope = engine.inference()) {
                    weight.mul(engine.of(new float[] {1, 2}, 2)).reshape(2, 1);
                    weight.reshape(1, 2);
                }
            }
            assertThat(engine.liveTensors()).isEqualTo(withWeight);
        }
        assertThat(engine.liveTensors()).isEqualTo(before);
    }

    @Test
    void keptTensorsMoveOutOneLevel() {
        try (Scope outer = engine.inference()) {
            Tensor kept;
            Tensor dropped;
            try (Scope inner = engine.scope()) {
                dropped = engine.of(new float[] {1}, 1);
                kept = inner.keep(dropped.add(1));
            }
            assertThat(kept.item()).isEqualTo(2);
            assertThatThrownBy(dropped::item).isInstanceOf(IllegalStateException.class);
            assertThat(dropped).hasToString("Tensor(freed)");
            assertThatThrownBy(() -> outer.keep(kept)).hasMessageContaining("outermost");
        }
    }

    @Test
    void nothingCanBeMadeOutsideAScope() {
        int before = engine.liveTensors();
        assertThatThrownBy(() -> engine.of(new float[] {1}, 1)).hasMessageContaining("no scope is open");
        assertThatThrownBy(engine::scope).hasMessageContaining("no scope is open");
        assertThat(engine.liveTensors()).isEqualTo(before);
    }

    @Test
    void scopesCloseInnermostFirst() {
        Scope outer = engine.inference();
        Scope inner = engine.scope();
        assertThatThrownBy(outer::close).hasMessageContaining("innermost first");
        inner.close();
        outer.close();
    }
}
