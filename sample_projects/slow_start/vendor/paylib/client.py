_PREPARED = sum(number * number % 7 for number in range(1_500_000))  # as long as the real one takes to build its classes


class Client:
    def refund(self, number):
        return f"refunded {number}"
