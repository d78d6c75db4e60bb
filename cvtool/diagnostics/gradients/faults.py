FAULTS: list = []
class Fault: pass
def injected(fault): pass
