"""Weights that are shared out over the workers, for models that are larger than a card (FSDP, as torch.distributed.fsdp.fully_shard
does it): each worker keeps a part of every weight, and a layer is put together only while it computes."""

import torch
import torch.distributed as dist


def layers(model):
    """The blocks of a model: the elements of its longest list of modules."""
    lists = [module for module in model.modules() if isinstance(module, torch.nn.ModuleList)]
    return list(max(lists, key=len)) if lists else []


def shard(model, device):
    """Shares a model out that lies on the processor; only a layer at a time goes to the card whole. All workers call it."""
    try:
        from torch.distributed.fsdp import fully_shard
    except ImportError:
        raise RuntimeError("Sharing weights out (--fsdp) needs torch 2.6 or later, and here is %s." % torch.__version__) from None
    from torch.distributed.device_mesh import init_device_mesh

    mesh = init_device_mesh(device.type, (dist.get_world_size(),))
    for layer in layers(model):
        fully_shard(layer, mesh=mesh)
    return fully_shard(model, mesh=mesh)


def hidden_states(model, inputs):
    """What model(..., output_hidden_states=True).hidden_states gives: transformers knows layers by their class, which fully_shard
    changes, and gives nothing then. The first is what the first layer gets, the last is the model's last hidden state, after its norm."""
    found = []
    blocks = layers(model)
    before = blocks[0].register_forward_pre_hook(lambda _, taken: found.append(taken[0]))
    after = [
        block.register_forward_hook(lambda _, taken, given: found.append(given[0] if isinstance(given, tuple) else given))
        for block in blocks[:-1]
    ]
    try:
        last = model(**inputs).last_hidden_state
    finally:
        for hook in [before, *after]:
            hook.remove()
    return (*found, last)


def gradients_of_ones(device):
    """What gradients of 1 on every worker become when fully_shard takes their mean: 1, but with gloo of torch 2.7 their number, since it
    sums. All workers call it."""
    count = dist.get_world_size()
    got = torch.empty(1, device=device)
    dist.reduce_scatter_tensor(got, torch.ones(count, device=device), op=dist.ReduceOp.AVG)
    return got.item()


def is_sharded(tensor):
    return hasattr(tensor, "full_tensor")


def whole(tensor):
    """All of a tensor, wherever its parts are. All workers call it, in the same order."""
    return tensor.full_tensor() if is_sharded(tensor) else tensor


def like(value, parameter):
    """A whole tensor as a parameter has it: this worker's part, where that is shared out. All workers call it."""
    value = value.to(parameter.device)
    if not is_sharded(parameter) or is_sharded(value) or value.dim() == 0:
        return value
    from torch.distributed.tensor import distribute_tensor

    return distribute_tensor(value, parameter.device_mesh, parameter.placements)
