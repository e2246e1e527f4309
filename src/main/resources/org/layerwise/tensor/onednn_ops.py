class Ops(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # products of plain weights, with a graph

  def dense_linear(self: __torch__.Ops, x: Tensor, weight: Tensor) -> Tensor:
    return torch.to_dense(torch.linear(torch.to_mkldnn(x), weight))

  def dense_linear_bias(self: __torch__.Ops, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.to_dense(torch.linear(torch.to_mkldnn(x), weight, bias))

  # packed weights, without a graph

  def pack(self: __torch__.Ops, weight: Tensor, rows: int) -> Tensor:
    return ops.mkldnn._reorder_linear_weight(weight, rows)

  def unpack(self: __torch__.Ops, weight: Tensor) -> Tensor:
    return torch.to_dense(weight)

  def linear(self: __torch__.Ops, x: Tensor, weight: Tensor) -> Tensor:
    return ops.mkldnn._linear_pointwise(x, weight, None, "none", annotate(List[Optional[number]], []), "")

  def linear_bias(self: __torch__.Ops, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return ops.mkldnn._linear_pointwise(x, weight, bias, "none", annotate(List[Optional[number]], []), "")

  def gated(self: __torch__.Ops, x: Tensor, gate: Tensor, up: Tensor, down: Tensor, activation: str, algorithm: str) -> Tensor:
    opened = ops.mkldnn._linear_pointwise(x, gate, None, activation, annotate(List[Optional[number]], []), algorithm)
    return (self).linear(torch.mul_(opened, (self).linear(x, up, )), down, )
