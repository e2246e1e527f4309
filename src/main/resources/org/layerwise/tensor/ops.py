class Ops(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # --- types, devices, copies: the ways of DJL's own API cut the graph or abort on bf16 ---

  def dtype_of(self: __torch__.Ops, x: Tensor) -> int:
    return ops.prim.dtype(x)

  def requires_grad(self: __torch__.Ops, x: Tensor) -> int:
    return int(ops.prim.requires_grad(x))

  def cast(self: __torch__.Ops, x: Tensor, dtype: int) -> Tensor:
    return torch.to(x, dtype)

  # What is small goes from the processor to a card by way of pinned memory, and nothing waits: libtorch uses that memory again
  # only after the copy. It keeps what was pinned, so large weights, which go once, are copied directly.
  def to_device(self: __torch__.Ops, x: Tensor, device: str) -> Tensor:
    target = torch.device(device)
    moved = x
    if torch.eq(ops.prim.type(target), "cuda") and torch.eq(ops.prim.type(ops.prim.device(x)), "cpu") and torch.le(torch.mul(torch.numel(x), torch.element_size(x)), 16777216):
      moved = torch.to(torch.pin_memory(torch.contiguous(x)), target, None, True)
    else:
      moved = torch.to(x, target)
    return moved

  def to_host(self: __torch__.Ops, x: Tensor, dtype: int) -> Tensor:
    return torch.contiguous(torch.to(torch.to(x, dtype), torch.device("cpu")))

  def bits(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.view_copy(torch.contiguous(torch.to(x, torch.device("cpu"))), dtype=0)

  def clone(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.clone(x)

  def contiguous(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.contiguous(x)

  def detach(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.detach(x)

  def reinterpret(self: __torch__.Ops, x: Tensor, dtype: int) -> Tensor:
    return torch.view_copy(x, dtype=dtype)

  # view_copy keeps the memory of x for an instant only; 6 is float32
  def float8(self: __torch__.Ops, x: Tensor, encoding: int) -> Tensor:
    return torch.to(torch.view_copy(x, dtype=encoding), 6)

  def map_file(self: __torch__.Ops, path: str, elements: int, dtype: int) -> Tensor:
    return torch.from_file(path, False, elements, dtype=dtype)

  def zeros(self: __torch__.Ops, shape: List[int], dtype: int, device: str) -> Tensor:
    return torch.zeros(shape, dtype=dtype, layout=None, device=torch.device(device))

  def empty(self: __torch__.Ops, shape: List[int], dtype: int, device: str) -> Tensor:
    return torch.empty(shape, dtype=dtype, layout=None, device=torch.device(device))

  def ones_like(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.ones_like(x)

  # --- arithmetic ---

  def add_scalar(self: __torch__.Ops, x: Tensor, y: float) -> Tensor:
    return torch.add(x, y)

  def mul_scalar(self: __torch__.Ops, x: Tensor, y: float) -> Tensor:
    return torch.mul(x, y)

  def scalar_pow(self: __torch__.Ops, base: float, x: Tensor) -> Tensor:
    return torch.pow(base, x)

  def abs(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.abs(x)

  def rsqrt(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.rsqrt(x)

  def maximum(self: __torch__.Ops, x: Tensor, y: Tensor) -> Tensor:
    return torch.maximum(x, y)

  def clamp_min(self: __torch__.Ops, x: Tensor, y: float) -> Tensor:
    return torch.clamp_min(x, y)

  def greater_than(self: __torch__.Ops, x: Tensor, y: float) -> Tensor:
    return torch.gt(x, y)

  def tril(self: __torch__.Ops, x: Tensor, diagonal: int) -> Tensor:
    return torch.tril(x, diagonal)

  def sum_axis(self: __torch__.Ops, x: Tensor, axis: int, keep: bool) -> Tensor:
    return torch.sum(x, [axis], keep)

  def cumulative_sum(self: __torch__.Ops, x: Tensor, axis: int) -> Tensor:
    return torch.cumsum(x, axis)

  def mean_axis(self: __torch__.Ops, x: Tensor, axis: int, keep: bool) -> Tensor:
    return torch.mean(x, [axis], keep)

  def max(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.max(x)

  def norm(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.linalg_vector_norm(x)

  # --- indexing ---

  def slice(self: __torch__.Ops, x: Tensor, axis: int, begin: int, end: int) -> Tensor:
    return torch.slice(x, axis, begin, end)

  def select(self: __torch__.Ops, x: Tensor, axis: int, index: int) -> Tensor:
    return torch.select(x, axis, index)

  def split_with_sizes(self: __torch__.Ops, x: Tensor, sizes: List[int], axis: int) -> List[Tensor]:
    return torch.split_with_sizes(x, sizes, axis)

  def index_select(self: __torch__.Ops, x: Tensor, axis: int, index: Tensor) -> Tensor:
    return torch.index_select(x, axis, index)

  def gather(self: __torch__.Ops, x: Tensor, axis: int, index: Tensor) -> Tensor:
    return torch.gather(x, axis, index)

  def expand(self: __torch__.Ops, x: Tensor, shape: List[int]) -> Tensor:
    return torch.expand(x, shape)

  def argmax(self: __torch__.Ops, x: Tensor, axis: int) -> Tensor:
    return torch.argmax(x, axis)

  def index_copy(self: __torch__.Ops, x: Tensor, axis: int, index: Tensor, source: Tensor) -> Tensor:
    return torch.index_copy(x, axis, index, source)

  def embedding(self: __torch__.Ops, weight: Tensor, ids: Tensor) -> Tensor:
    return torch.embedding(weight, ids)

  # --- layers ---

  def linear(self: __torch__.Ops, x: Tensor, weight: Tensor) -> Tensor:
    return torch.linear(x, weight)

  def linear_bias(self: __torch__.Ops, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.linear(x, weight, bias)

  # thin products are fastest with the rank as the rows: A x^T, and B^T stored row by row

  def low_rank(self: __torch__.Ops, y: Tensor, x: Tensor, a: Tensor, b: Tensor, scale: float) -> Tensor:
    product = torch.matmul(a, torch.t(torch.flatten(x, 0, -2)))
    wide = torch.contiguous(torch.t(b))
    sum = torch.addmm(torch.flatten(y, 0, -2), torch.t(product), wide, alpha=scale)
    return torch.view(sum, torch.size(y))

  def thin_products(self: __torch__.Ops, x: Tensor, matrices: List[Tensor], ranks: List[int]) -> List[Tensor]:
    products = torch.matmul(torch.cat(matrices), torch.t(torch.flatten(x, 0, -2)))
    return torch.split_with_sizes(products, ranks)

  def with_low_rank(self: __torch__.Ops, y: Tensor, product: Tensor, b: Tensor, scale: float, shape: List[int]) -> Tensor:
    wide = torch.contiguous(torch.t(b))
    return torch.view(torch.addmm_(y, torch.t(product), wide, alpha=scale), shape)

  def layer_norm(self: __torch__.Ops, x: Tensor, weight: Tensor, bias: Tensor, eps: float) -> Tensor:
    return torch.layer_norm(x, [torch.size(x, -1)], weight, bias, eps)

  # the norm reads x once, and its gradient is x times a number a row: torch.rms_norm squares, and differentiates the square

  def rms_norm(self: __torch__.Ops, x: Tensor, weight: Tensor, eps: float) -> Tensor:
    wide = torch.to(x, ops.prim.dtype(weight))
    norm = torch.linalg_vector_norm(wide, 2, [-1], True)
    square = torch.div(torch.mul(norm, norm), torch.size(wide, -1))
    return torch.to(torch.mul(torch.mul(wide, torch.rsqrt(torch.add(square, eps))), weight), ops.prim.dtype(x))

  def softmax(self: __torch__.Ops, x: Tensor, axis: int) -> Tensor:
    return torch.softmax(x, axis)

  def log_softmax(self: __torch__.Ops, x: Tensor, axis: int) -> Tensor:
    return torch.log_softmax(x, axis)

  def gelu(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.gelu(x)

  def gelu_tanh(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.gelu(x, approximate="tanh")

  def quick_gelu(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.mul(x, torch.sigmoid(torch.mul(x, 1.702)))

  def silu(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.silu(x)

  def sigmoid(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.sigmoid(x)

  def softplus(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.softplus(x)

  def relu(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.relu(x)

  def dropout(self: __torch__.Ops, x: Tensor, probability: float) -> Tensor:
    return torch.dropout(x, probability, True)

  def split_heads(self: __torch__.Ops, x: Tensor, heads: int) -> Tensor:
    shape = [torch.size(x, 0), torch.size(x, 1), heads, -1]
    return torch.transpose(torch.view(x, shape), 1, 2)

  def join_heads(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.flatten(torch.transpose(x, 1, 2), 2)

  def repeat_heads(self: __torch__.Ops, x: Tensor, times: int) -> Tensor:
    return torch.flatten(torch.expand(torch.unsqueeze(x, 2), [-1, -1, times, -1, -1]), 1, 2)

  def rotary(self: __torch__.Ops, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    half = torch.floordiv(torch.size(x, -1), 2)
    first, second = torch.split_with_sizes(x, [half, half], -1)
    return torch.addcmul(torch.mul(x, cos), torch.cat([second, first], -1), sin)

  def conv1d(self: __torch__.Ops, x: Tensor, weight: Tensor, bias: Tensor, padding: int, groups: int) -> Tensor:
    return torch.conv1d(x, weight, bias, [1], [padding], [1], groups)

  def conv1d_plain(self: __torch__.Ops, x: Tensor, weight: Tensor, groups: int) -> Tensor:
    return torch.conv1d(x, weight, None, [1], [0], [1], groups)

  def conv2d(self: __torch__.Ops, x: Tensor, weight: Tensor, stride: int) -> Tensor:
    return torch.conv2d(x, weight, None, [stride, stride])

  def attention(self: __torch__.Ops, q: Tensor, k: Tensor, v: Tensor, dropout: float, causal: bool, scale: float) -> Tensor:
    return torch.scaled_dot_product_attention(q, k, v, None, dropout, causal, scale=scale)

  def attention_masked(self: __torch__.Ops, q: Tensor, k: Tensor, v: Tensor, mask: Tensor, dropout: float, scale: float) -> Tensor:
    return torch.scaled_dot_product_attention(q, k, v, mask, dropout, False, scale=scale)

  def attention_products(self: __torch__.Ops, q: Tensor, k: Tensor, v: Tensor, dropout: float, scale: float) -> Tensor:
    scores = torch.matmul(torch.mul(q, scale), torch.transpose(k, -2, -1))
    return torch.matmul(torch.dropout(torch.softmax(scores, -1), dropout, True), v)

  def attention_products_causal(self: __torch__.Ops, q: Tensor, k: Tensor, v: Tensor, dropout: float, scale: float) -> Tensor:
    hidden = torch.triu(torch.full([torch.size(q, 2), torch.size(k, 2)], float("-inf"), dtype=ops.prim.dtype(q), layout=None, device=ops.prim.device(q)), 1)
    return (self).attention_products_masked(q, k, v, hidden, dropout, scale, )

  def attention_products_masked(self: __torch__.Ops, q: Tensor, k: Tensor, v: Tensor, mask: Tensor, dropout: float, scale: float) -> Tensor:
    scores = torch.matmul(torch.mul(q, scale), torch.transpose(k, -2, -1))
    return torch.matmul(torch.dropout(torch.softmax(torch.add(scores, mask), -1), dropout, True), v)

  # one token of each row: queries and keys are turned together, and the heads that share a key are stacked along the axis of the
  # tokens; an empty list stands for what is absent

  def attention_step(self: __torch__.Ops, q: Tensor, own: List[Tensor], angles: List[Tensor], keys: Tensor, values: Tensor, places: Tensor, mask: List[Tensor], begin: int, end: int, scale: float) -> Tensor:
    rows, heads, size = torch.size(keys, 0), torch.size(keys, 1), torch.size(keys, 3)
    queries = torch.reshape(q, [rows, -1, 1, size])
    if torch.gt(torch.len(own), 0):
      key = torch.reshape(own[0], [rows, heads, 1, size])
      value = torch.reshape(own[1], [rows, heads, 1, size])
      if torch.gt(torch.len(angles), 0):
        both = (self).rotary(torch.cat([queries, key], 1), angles[0], angles[1], )
        count = torch.size(queries, 1)
        turned = torch.slice(both, 1, 0, count)
        written = torch.slice(both, 1, count, torch.add(count, heads))
      else:
        turned, written = queries, key
      index = torch.expand_as(places, value)
      _0 = torch.scatter_(keys, 2, index, written)
      _1 = torch.scatter_(values, 2, index, value)
    else:
      if torch.gt(torch.len(angles), 0):
        turned = (self).rotary(queries, angles[0], angles[1], )
      else:
        turned = queries
    if torch.gt(torch.len(angles), 2):
      asked = torch.mul(turned, angles[2])
    else:
      asked = turned
    stacked = torch.reshape(asked, [rows, heads, -1, size])
    k = torch.slice(keys, 2, begin, end)
    v = torch.slice(values, 2, begin, end)
    if torch.gt(torch.len(mask), 0):
      mixed = (self).attention_masked(stacked, k, v, mask[0], 0., scale, )
    else:
      mixed = (self).attention(stacked, k, v, 0., False, scale, )
    return torch.reshape(mixed, [rows, 1, -1])

  # --- losses ---

  def cross_entropy(self: __torch__.Ops, logits: Tensor, labels: Tensor, smoothing: float) -> Tensor:
    return torch.cross_entropy_loss(logits, labels, None, 1, -100, smoothing)

  def mse_loss(self: __torch__.Ops, x: Tensor, y: Tensor) -> Tensor:
    return torch.mse_loss(x, y)

  # --- factorizations ---

  def solve_unit_lower(self: __torch__.Ops, a: Tensor, b: Tensor) -> Tensor:
    return torch.linalg_solve_triangular(a, b, upper=False, left=True, unitriangular=True)

  def svd(self: __torch__.Ops, x: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    u, s, v = torch.linalg_svd(x, False)
    return (u, s, v)

  def singular_values(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.linalg_svdvals(x)

  def symmetric_eigenvalues(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.linalg_eigvalsh(x)

  def solve_positive(self: __torch__.Ops, a: Tensor, b: Tensor) -> Tensor:
    return torch.cholesky_solve(b, torch.linalg_cholesky(a))

  def qr(self: __torch__.Ops, x: Tensor) -> Tuple[Tensor, Tensor]:
    q, r = torch.linalg_qr(x)
    return (q, r)

  # --- in place, for values that no graph remembers ---

  def assign(self: __torch__.Ops, x: Tensor, y: Tensor) -> Tensor:
    return torch.copy_(x, y)

  # from the processor to any device, unlike all other operations on two tensors

  def upload(self: __torch__.Ops, x: Tensor, y: Tensor) -> Tensor:
    return torch.copy_(x, y)

  def scatter_in_place(self: __torch__.Ops, x: Tensor, axis: int, index: Tensor, source: Tensor) -> Tensor:
    return torch.scatter_(x, axis, torch.expand_as(index, source), source)

  def add_in_place(self: __torch__.Ops, x: Tensor, y: Tensor, scale: float) -> Tensor:
    return torch.add_(x, y, alpha=scale)

  def scale_in_place(self: __torch__.Ops, x: Tensor, factor: float) -> Tensor:
    return torch.mul_(x, factor)

  # --- the optimiser's work on all parameters at once ---

  def global_norm(self: __torch__.Ops, xs: List[Tensor]) -> Tensor:
    return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(xs, 2)))

  def scale_all(self: __torch__.Ops, xs: List[Tensor], factor: float) -> Tensor:
    torch._foreach_mul_(xs, factor)
    return xs[0]

  def adamw(self: __torch__.Ops, weights: List[Tensor], grads: List[Tensor], first: List[Tensor], second: List[Tensor], decay: float, beta1: float, beta2: float, step_size: float, root_correction: float, eps: float) -> Tensor:
    torch._foreach_mul_(weights, decay)
    torch._foreach_lerp_(first, grads, torch.sub(1., beta1))
    torch._foreach_mul_(second, beta2)
    torch._foreach_addcmul_(second, grads, grads, torch.sub(1., beta2))
    root = torch._foreach_sqrt(second)
    torch._foreach_div_(root, root_correction)
    torch._foreach_add_(root, eps)
    torch._foreach_addcdiv_(weights, first, root, torch.neg(step_size))
    return weights[0]
