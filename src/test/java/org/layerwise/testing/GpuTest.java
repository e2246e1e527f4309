package org.layerwise.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test for a CUDA device, skipped where there is none. All of them and no others: {@code mvn -Pgpu test}, with {@code
 * -Dlayerwise.torch=DIR} or the user's own set-up. {@code -Dlayerwise.gpu.device=cpu} rehearses them on the processor.
 */
@Tag("gpu")
@ExtendWith(GpuDevice.class)
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface GpuTest {}
