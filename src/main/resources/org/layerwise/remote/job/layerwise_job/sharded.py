"""Weights that are shared out over the workers, for models that are larger than a card (FSDP, as torch.distributed.fsdp.fully_shard
does it): each worker keeps a part of every frozen weight, and a layer is put together only while it computes. What is trained is small, and
each worker has all of it. Only the first worker reads the model; it gives the others their parts a layer at a time, so that a computer with
many cards holds one copy in its memory and not one a card."""

import contextlib
import datetime
from collections import Counter

import torch
import torch.distributed as dist


@contextlib.contextmanager
def waiting_for_the_first():
    """While the first worker reads, or fetches, a model, which may take hours where collectives of cards give up after minutes. All
    workers enter it."""
    if tuple(map(int, torch.__version__.split("+")[0].split(".")[:2])) < (2, 7):
        raise ValueError("Sharing weights out (--fsdp) needs torch 2.7 or later, and here is %s." % torch.__version__)
    patient = dist.new_group(backend="gloo", timeout=datetime.timedelta(hours=12))
    yield
    dist.barrier(group=patient)
    dist.destroy_process_group(patient)


@contextlib.contextmanager
def weightless():
    """Parameters that modules are given meanwhile have a shape and a type, but no memory; buffers are made as always."""
    usual = torch.nn.Module.register_parameter

    def register(module, name, parameter):
        usual(module, name, parameter)
        # one that has none already stays the same object: weights may be tied
        if parameter is not None and not parameter.is_meta:
            module._parameters[name] = torch.nn.Parameter(parameter.data.to("meta"), requires_grad=parameter.requires_grad)

    torch.nn.Module.register_parameter = register
    try:
        yield
    finally:
        torch.nn.Module.register_parameter = usual


class FromFirst:
    """Gives all workers the weights of the first one. All workers call it, on the same model."""

    def __init__(self, model, device):
        self.device = device
        mine = [(name, tuple(parameter.shape)) for name, parameter in model.named_parameters()]
        first = [mine, [parameter.dtype for parameter in model.parameters()]]
        dist.broadcast_object_list(first, 0)
        if first[0] != mine:
            name = next((a for a, b in zip(first[0], mine) if a != b), "their number")
            raise ValueError("the workers have not found the same model (%s); do all see the same folder?" % (name,))
        # by identity, since a reference would keep the weights of what has been shared out
        self.types = {id(parameter): dtype for parameter, dtype in zip(model.parameters(), first[1])}

    def send(self, value):
        dist.broadcast(value.view(-1).view(torch.uint8), 0)  # as bytes, whatever the type
        return value

    def parameter(self, mine):
        found = mine
        if mine.is_meta:
            empty = torch.empty(mine.shape, dtype=self.types[id(mine)], device=self.device)
            found = torch.nn.Parameter(empty, requires_grad=mine.requires_grad)
        found.data = self.send(found.data.to(self.device).contiguous())
        return found

    def give(self, module, chosen):
        """Those of a module that are chosen, on the device. Weights that are tied stay so."""
        given = {}
        for part in module.modules():
            for name, parameter in part._parameters.items():
                if parameter is not None and chosen(parameter):
                    if parameter not in given:
                        given[parameter] = self.parameter(parameter)
                    part._parameters[name] = given[parameter]
        return set(given.values())

    def give_buffers(self, module):
        for part in module.modules():
            for name, buffer in part._buffers.items():
                if buffer is not None:
                    part._buffers[name] = self.send(buffer.to(self.device).contiguous())


class Outside(torch.nn.Module):
    """Around a model: fully_shard changes the class of what it is given, by which transformers finds what a model records."""

    def __init__(self, inside):
        super().__init__()
        self.inside = inside

    def forward(self, **inputs):
        return self.inside(**inputs)


def layers(model):
    """The blocks of a model: the elements of its lists of modules of one kind."""
    lists = [module for module in model.modules() if isinstance(module, torch.nn.ModuleList) and len(module) > 1]
    return [block for blocks in lists if len({type(block) for block in blocks}) == 1 for block in blocks]


def kept_whole(model, types):
    """What is trained, and what has another type than the most of the weights: what is shared out together has one."""
    sizes = Counter()
    for parameter in model.parameters():
        sizes[types[id(parameter)]] += parameter.numel()
    main = sizes.most_common(1)[0][0]
    return {parameter for parameter in model.parameters() if parameter.requires_grad or types[id(parameter)] != main}


def shard(model, device):
    """Shares out a model that the first worker has on its processor and the others without weights; only a layer at a time goes to
    the card whole. All workers call it."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard
    from torch.distributed.tensor import DTensor

    mesh = init_device_mesh(device.type, (dist.get_world_size(),))
    first = FromFirst(model, device)
    whole = first.give(model, kept_whole(model, first.types).__contains__)
    first.give_buffers(model)

    def still_to_give(parameter):
        return parameter not in whole and not isinstance(parameter, DTensor)

    for layer in layers(model):
        first.give(layer, still_to_give)
        fully_shard(layer, mesh=mesh, ignored_params=whole)
    first.give(model, still_to_give)
    return fully_shard(Outside(model), mesh=mesh, ignored_params=whole)


def is_sharded(called):
    return isinstance(called, Outside)


def whole(model):
    """Those weights of which each worker has all, by name."""
    return {name: value for name, value in model.state_dict().items() if not hasattr(value, "full_tensor")}


def add_up(parameters):
    """Makes the gradient of each the sum of those of all workers. All workers call it."""
    for parameter in parameters:
        if parameter.grad is None:
            parameter.grad = torch.zeros_like(parameter)
    together = torch.cat([parameter.grad.flatten() for parameter in parameters])
    dist.all_reduce(together)
    for parameter, summed in zip(parameters, together.split([parameter.numel() for parameter in parameters])):
        parameter.grad.copy_(summed.view_as(parameter))
