package org.layerwise.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.pytorch.engine.PtNDArray;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults that a GPU would refuse, each planted and each found; and what is no fault. */
class StrictEngineTest {

    /** Operations with a tensor of their own that is on the processor. */
    private static final String FAULTY =
            """

              def adds_ones(self: __torch__.Ops, x: Tensor) -> Tensor:
                return torch.add(x, torch.ones(torch.size(x), dtype=ops.prim.dtype(x), layout=None, device=None))

              def only_ones(self: __torch__.Ops, x: Tensor) -> Tensor:
                return torch.ones(torch.size(x), dtype=ops.prim.dtype(x), layout=None, device=None)

              def multiplies_ones(self: __torch__.Ops, x: Tensor) -> Tensor:
                return torch.mm(x, torch.ones(torch.size(x), dtype=ops.prim.dtype(x), layout=None, device=None))
            """;

    private static final Device GPU = Device.cuda(0);

    private final StrictEngine strict = StrictEngine.shared();
    private final TensorEngine engine = strict.engine();
    private final int liveBefore = engine.liveTensors();
    private final int shadowsBefore = strict.liveShadows();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
        assertThat(strict.liveShadows()).isEqualTo(shadowsBefore);
    }

    private Tensor square() {
        return engine.of(new float[] {1, 2, 3, 4}, 2, 2);
    }

    private Tensor indices() {
        return engine.of(new long[] {1, 0}, 2);
    }

    private static Tensor heads(Tensor x) {
        return x.reshape(1, 1, 2, 2);
    }

    /** Operations that PyTorch's meta refuses, and such that it would compute with one operand on the processor. */
    static Stream<Arguments> forgottenOperands() {
        return Stream.of(
                Arguments.of("a sum", two((x, y) -> x.add(y))),
                Arguments.of("a scalar", two((x, y) -> x.mul(y.sum()))),
                Arguments.of("a product", two((x, y) -> x.matmul(y))),
                Arguments.of("a linear map", two((x, y) -> x.linear(y, null))),
                Arguments.of("a bias", two((x, y) -> x.linear(x, y.select(0, 0)))),
                Arguments.of("keys", two((x, y) -> heads(x).attention(heads(y), heads(x), null, 0, 1))),
                Arguments.of("a convolution", two((x, y) -> x.reshape(1, 2, 2).conv1d(y.reshape(2, 2, 1), 1))),
                Arguments.of("joined tensors", two((x, y) -> x.engine().cat(List.of(x, y), 0))),
                Arguments.of(
                        "a list", two((x, y) -> x.thinProducts(List.of(x, y)).get(0))),
                Arguments.of("a solution", two((x, y) -> x.solveUnitLower(y))));
    }

    interface Two {
        Tensor of(Tensor onGpu, Tensor onCpu);
    }

    private static Two two(Two operation) {
        return operation;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forgottenOperands")
    void anOperandLeftOnTheProcessorIsFound(String name, Two operation) {
        try (Scope scope = engine.inference()) {
            Tensor here = square();
            Tensor there = here.to(GPU);
            faulty(() -> operation.of(there, here), "mixes devices");
            faulty(() -> operation.of(here, there), "mixes devices");
            assertThat(operation.of(there, there).device()).isEqualTo(GPU);
            assertThat(operation.of(there, there).floats())
                    .isEqualTo(operation.of(here, here).floats());
        }
    }

    @Test
    void anIndexOrMaskMadeOnTheProcessorIsFound() {
        try (Scope scope = engine.inference()) {
            Tensor x = square().to(GPU);
            Tensor index = indices();
            Tensor mask = engine.of(new float[] {0, 0, 0, 0}, 1, 1, 2, 2);
            faulty(() -> x.indexSelect(0, index), "index_select mixes devices: [[2, 2] on cuda:0, [2] on cpu]");
            faulty(() -> x.embedding(index), "embedding mixes devices");
            faulty(() -> x.gather(0, index.reshape(1, 2)), "gather mixes devices");
            faulty(() -> x.indexCopy(0, index, x), "index_copy mixes devices");
            faulty(() -> x.scatterInPlace(0, index.reshape(2, 1), x), "scatter_in_place mixes devices");
            faulty(() -> x.crossEntropy(index), "cross_entropy mixes devices");
            faulty(() -> heads(x).attention(heads(x), heads(x), mask, 0, 1), "attention_masked mixes devices");
            faulty(() -> x.assign(square()), "assign mixes devices");
            assertThat(x.indexSelect(0, index.to(GPU)).floats()).containsExactly(3, 4, 1, 2);
        }
    }

    @Test
    void aProductOfOneDnnIsForTheProcessor() {
        assumeTrue(engine.packs(Device.CPU, DType.F32), "libtorch has no oneDNN on this processor");
        try (Scope scope = engine.inference()) {
            Tensor here = square();
            Tensor packed = here.packed();
            faulty(() -> here.to(GPU).linear(packed, null), "linear mixes devices");
            faulty(() -> here.to(GPU).linearByOneDnn(here.to(GPU), null), "dense_linear is for the processor alone");
            assertThat(here.linear(packed, null).floats())
                    .isEqualTo(here.linear(here, null).floats());
        }
    }

    @Test
    void aTensorMadeInsideATorchScriptOperationWithoutADeviceIsFound() {
        StrictEngine planted = StrictEngine.start(FAULTY);
        try (Scope scope = planted.engine().inference()) {
            Tensor here = planted.engine().of(new float[] {1, 2, 3, 4}, 2, 2);
            Tensor there = here.to(GPU);
            NativeOps ops = planted.engine().ops();
            faulty(() -> ops.call("adds_ones", there.array()), "the shadows refuse adds_ones");
            faulty(() -> ops.call("only_ones", there.array()), "only_ones gives a result on the processor");
            ops.call("adds_ones", here.array()).close();
            // meta multiplies a matrix of the processor without a word: what reads the source finds that
            assertThatCode(() -> ops.call("multiplies_ones", there.array()).close())
                    .doesNotThrowAnyException();
            assertThat(OpsSourceTest.homeless(FAULTY))
                    .containsExactly("adds_ones: ones", "only_ones: ones", "multiplies_ones: ones");
        }
        assertThat(planted.liveShadows()).isZero();
    }

    @Test
    void aGradientOfTheProcessorIsFound() {
        try (Scope scope = engine.training()) {
            Tensor leaf = square().to(GPU).requireGradient();
            Tensor weights = square();
            Tensor result = leaf.square();
            faulty(() -> result.backward(weights), "backward mixes devices");
            result.backward(weights.to(GPU));
            assertThat(leaf.gradient().device()).isEqualTo(GPU);
            assertThat(leaf.gradient().floats()).containsExactly(2, 8, 18, 32);
            leaf.zeroGradient();
            leaf.square().sum().backward();
            assertThat(leaf.gradient().floats()).containsExactly(2, 4, 6, 8);
        }
    }

    @Test
    void aGraphStaysOnItsDevice() {
        try (Scope scope = engine.training()) {
            Tensor leaf = square().to(GPU).requireGradient();
            assertThat(leaf.mul(2).requiresGradient()).isTrue();
            assertThat(leaf.detach().requiresGradient()).isFalse();
            faulty(() -> leaf.mul(2).to(Device.CPU), "to_device takes a graph to another device");
        }
    }

    @Test
    void memoryOfAGpuIsNotTheHosts() {
        try (Scope scope = engine.inference()) {
            PtNDArray there = square().to(GPU).array();
            faulty(() -> engine.ops().memory(there), "used as the host's");
            faulty(there::toByteBuffer, "read without a copy");
        }
    }

    @Test
    void copiesBetweenDevicesAreCountedByKind() {
        strict.transfers().clear();
        try (Scope scope = engine.inference()) {
            Tensor there = square().to(GPU);
            Tensor ofPieces = engine.filled(
                    DType.F32,
                    DType.F32,
                    GPU,
                    (piece, offset) -> piece.putFloat(5).putFloat(6),
                    2);
            engine.zeros(DType.F32, GPU, 3).add(1);
            assertThat(strict.transfers().seen())
                    .extracting(Transfers.Transfer::kind)
                    .containsExactly(Transfers.Kind.TO_GPU, Transfers.Kind.TO_GPU);
            strict.transfers().clear();
            assertThat(ofPieces.floats()).containsExactly(5, 6);
            assertThat(there.sum().item()).isEqualTo(10);
            assertThat(there.to(Device.CPU).floats()).containsExactly(1, 2, 3, 4);
            assertThat(there.bytes().remaining()).isEqualTo(16);
            assertThat(square().floats()).containsExactly(1, 2, 3, 4);
            assertThat(strict.transfers().seen())
                    .extracting(Transfers.Transfer::kind)
                    .containsExactly(
                            Transfers.Kind.READ, Transfers.Kind.READ, Transfers.Kind.TO_CPU, Transfers.Kind.READ);
        }
    }

    @Test
    void theGpuIsListed() {
        assertThat(engine.devices()).containsExactly(Device.CPU, GPU);
        assertThat(engine.device("auto")).isEqualTo(GPU);
    }

    private static void faulty(ThrowingCallable operation, String message) {
        assertThatThrownBy(operation).isInstanceOf(DeviceFault.class).hasMessageContaining(message);
    }
}
