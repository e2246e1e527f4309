package org.layerwise.study.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.UserException;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;

class ClusterPlanTest {

    @TempDir
    Path folder;

    private Workbench workbench;

    @BeforeEach
    void open() {
        workbench = TinyStudy.workbench(folder);
    }

    private static ClusterPlan.Settings settings(boolean fsdp, boolean checkpointing) {
        return new ClusterPlan.Settings(null, 8, 64, 512, 512, fsdp, checkpointing, GpuKind.H100, 0.4, 50e9);
    }

    private ClusterPlan plan(boolean fsdp, boolean checkpointing) {
        return ClusterPlan.of(workbench, config(), settings(fsdp, checkpointing));
    }

    /** Shaped as Llama-2-7B. */
    private static Path config() {
        try {
            return Path.of(Objects.requireNonNull(ClusterPlanTest.class.getResource("/llama-7b-shaped.json"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aModelIsKnownFromItsConfigurationAlone() {
        ClusterPlan plan = plan(false, false);
        assertThat(plan.layers()).isEqualTo(32);
        assertThat(plan.parameters()).isEqualTo(6_738_415_616L); // as its model card says
        // the norms are computed in float32
        assertThat(plan.weightBytes()).isBetween(2 * plan.parameters(), 2 * plan.parameters() + 1_000_000);
        // 8 * (in + out) of seven maps in each layer
        assertThat(plan.arm(plan.allLayers()).trained()).isEqualTo(32L * 8 * (4 * (4096 + 4096) + 3 * (4096 + 11008)));
    }

    @Test
    void halfOfTheLayersSparesHalfOfWhatIsTrainedAndMovedButNotOfTheTime() {
        ClusterPlan plan = plan(false, false);
        ClusterPlan.Arm all = plan.arm(plan.allLayers());
        ClusterPlan.Arm half = plan.arm(plan.half());
        assertThat(half.trained() * 2).isEqualTo(all.trained());
        assertThat(plan.cost(half, 8).moved() * 2).isEqualTo(plan.cost(all, 8).moved());
        assertThat(half.operations() / all.operations()).isBetween(0.95, 1.0);
        assertThat(plan.cost(half, 8).memory()).isLessThan(plan.cost(all, 8).memory());
        // high layers end the backward pass early
        ClusterPlan.Arm high = plan.arm(new TreeSet<>(List.of(28, 29, 30, 31)));
        assertThat(high.operations() / all.operations()).isBetween(0.5, 0.62);
    }

    @Test
    void moreCardsTakeLessEachAndCheckpointingTradesMemoryForTime() {
        ClusterPlan kept = plan(false, false);
        ClusterPlan again = plan(false, true);
        ClusterPlan.Arm all = kept.arm(kept.allLayers());
        assertThat(kept.cost(all, 1).fits()).isFalse();
        assertThat(kept.cost(all, 8).fits()).isTrue();
        assertThat(kept.cost(all, 1).moved()).isZero();
        assertThat(kept.cost(all, 64).rows()).isEqualTo(1);
        assertThat(kept.cost(all, 8).seconds() * 8).isCloseTo(kept.cost(all, 1).seconds(), within(0.1));
        ClusterPlan.Arm computedAgain = again.arm(again.allLayers());
        assertThat(computedAgain.operations() / all.operations()).isBetween(1.4, 1.5);
        assertThat(again.cost(computedAgain, 8).memory())
                .isLessThan(kept.cost(all, 8).memory() / 2);
    }

    @Test
    void sharedWeightsTakeLessMemoryAndGoRoundTwice() {
        ClusterPlan whole = plan(false, true);
        ClusterPlan shared = plan(true, true);
        ClusterPlan.Arm all = shared.arm(shared.allLayers());
        assertThat(shared.cost(all, 8).memory()).isLessThan(whole.cost(all, 8).memory() - shared.weightBytes() * 3 / 4);
        assertThat(shared.cost(all, 8).moved() - whole.cost(all, 8).moved())
                .isCloseTo(2.0 * 7 / 8 * shared.weightBytes(), within(1.0));
    }

    @Test
    void anAnalysisSendsOneVectorARowAndLayer() {
        ClusterPlan plan = plan(false, false);
        assertThat(plan.analysis(1).fetched()).isEqualTo(512L * 33 * 4096 * 4);
        assertThat(plan.analysis(8).seconds() * 8).isCloseTo(plan.analysis(1).seconds(), within(1e-6));
    }

    @Test
    void theLargestBatchIsSharedOutToo() {
        ClusterPlan plan = ClusterPlan.of(
                workbench,
                config(),
                new ClusterPlan.Settings(null, 8, Integer.MAX_VALUE, 512, 512, false, false, GpuKind.H100, 0.4, 50e9));

        assertThat(plan.cost(plan.arm(plan.allLayers()), 8).rows()).isEqualTo(1 << 28);
    }

    @Test
    void whatCannotBePlannedIsRefusedWithTheFile() {
        assertThatThrownBy(() -> ClusterPlan.of(workbench, folder.resolve("none"), settings(false, false)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("There is no file")
                .hasMessageContaining("config.json");
        ClusterPlan.Settings unknown =
                new ClusterPlan.Settings(List.of("c_attn"), 8, 64, 512, 512, false, false, GpuKind.H100, 0.4, 50e9);
        assertThatThrownBy(() -> ClusterPlan.of(workbench, config(), unknown))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("No linear module")
                .hasMessageContaining("c_attn");
        assertThat(ClusterPlan.cards(List.of(64, 1), 8)).containsExactly(1, 8, 64);
        assertThat(ClusterPlan.cards(List.of(1), 0)).containsExactly(1);
    }
}
